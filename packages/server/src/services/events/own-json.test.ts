import type { StoredEvent } from '@timeskein/model'
import { expect, test } from 'vitest'
import { createEventView } from './create-event-view.ts'
import { writeOwnJson } from './own-json.ts'

const PRETTY = '{\r\n  "meta": {\n    "x":  1.0\n  },\n  "text": "two\\nlines"\n}'

function makeEvent(marks: Partial<StoredEvent['marks']> = {}): StoredEvent {
  return {
    index: 'a'.repeat(32),
    id: 'e1',
    seq: 0,
    timelineId: 1,
    timeUs: 0n,
    nanos: 0,
    source: PRETTY,
    profile: { aliases: {}, constants: {} },
    marks: { tags: [], removedTags: [], labels: [], attributes: {}, ...marks },
  }
}

test.each([
  ['as it is', 'none', {}, {}],
  ['with a tag', 'none', { tags: ['bad'] }, { tag: ['bad'] }],
  ['with an attribute', 'none', { attributes: { note: 'n' } }, { note: 'n' }],
] as const)('an event that was written over several lines comes on one, %s', (_, derived, marks, more) => {
  const line = writeOwnJson(createEventView(makeEvent(marks), 1), derived)
  expect(line).not.toMatch(/[\r\n]/)
  expect(JSON.parse(line)).toEqual({ ...JSON.parse(PRETTY), ...more })
  expect(line).toContain('"x":  1.0')
})

test('an event on one line comes byte for byte', () => {
  const source = '{"a" :  1.0,\t"b":"x"}'
  expect(writeOwnJson(createEventView({ ...makeEvent(), source }, 1), 'none')).toBe(source)
})

test.each([
  ['a tag', { tags: ['bad'] }, '{"a":1,"b":"x","a":2,"tag":["bad"]}'],
  ['an attribute', { attributes: { note: 'n' } }, '{"a":1,"b":"x","a":2,"note":"n"}'],
  ['neither', {}, '{"a":1,"b":"x","a":2}'],
] as const)('what an event has twice under one name stays, with %s', (_, marks, line) => {
  const source = '{"a":1,"b":"x","a":2}'
  expect(writeOwnJson(createEventView({ ...makeEvent(marks), source }, 1), 'none')).toBe(line)
})

test.each([
  ['none', [], '{"state":"closed","item":{"state":"closed"},"big":12345678901234567890,"more":1}'],
  ['import', [], '{"state":"closed","item":{"state":"closed"},"big":12345678901234567890,'],
  [
    'none',
    ['bad'],
    '{"state":"closed","item":{"state":"closed"},"big":12345678901234567890,"more":1,"tag":["bad"]}',
  ],
] as const)('values that changed stand in place of those that came (%s, %j)', (derived, tags, line) => {
  const source = '{"state":"new","item":{"state":"new"}, "big":12345678901234567890,"state":"newer"}'
  const attributes = { state: 'closed', item: { state: 'closed' }, more: 1 }
  const view = createEventView({ ...makeEvent({ tags, attributes }), source }, 1)
  const written = writeOwnJson(view, derived)
  expect(written.startsWith(line)).toBe(true)
  expect(JSON.parse(written)).toMatchObject({ state: 'closed', more: 1 })
})
