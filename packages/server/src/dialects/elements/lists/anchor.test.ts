import { expect, test } from 'vitest'
import { makeAnchor, readAnchor } from './anchor.ts'

const STATE = {
  values: {
    engineGroup: ['epp', 'edr'],
    persistenceTimestampStart: '2024-05-06T11:41:46.716123Z',
    order: 'asc',
    exclusiveStart: 'true',
    limit: '200',
    organizationId: '4de503e1-2c58-45c3-89a6-ef3f4a03592b',
  },
  after: '1714995706716_1234567',
}

test('an anchor says what was asked, and is short', () => {
  const anchor = makeAnchor('/events', STATE)
  expect(readAnchor('/events', anchor)).toEqual(STATE)
  expect(anchor.length).toBeLessThan(256)
})

test('one of another list, cut off or made up is refused', () => {
  const anchor = makeAnchor('/events', STATE)
  for (const bad of [
    '',
    'x',
    anchor.slice(0, -4),
    'A'.repeat(513),
    '%%%',
    Buffer.from('{}').toString('base64url'),
  ])
    expect(() => readAnchor('/events', bad)).toThrow(/nextAnchor of a page of this list/)
  expect(() => readAnchor('/devices', anchor)).toThrow(/found one of \/events/)
})

test('what is too long to go on from is said', () => {
  const ids = Array.from({ length: 60 }, (_, place) => crypto.randomUUID() + place)
  expect(() => makeAnchor('/incidents', { values: { incidentId: ids }, after: '1_1' })).toThrow(
    /ask for fewer values/,
  )
})
