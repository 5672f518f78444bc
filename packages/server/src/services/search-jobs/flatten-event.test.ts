import type { StoredEvent } from '@timeskein/model'
import { expect, test } from 'vitest'
import { flattenEvent } from './flatten-event.ts'

function makeEvent(source: unknown, more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    index: 'a',
    id: 'a1',
    seq: 0,
    timelineId: 1,
    timeUs: 1_714_054_270_652_000n,
    nanos: 0,
    source: JSON.stringify(source),
    profile: { aliases: {}, constants: {} },
    marks: { tags: [], removedTags: [], labels: [], attributes: {} },
    ...more,
  }
}

test('objects within objects get dotted names, lists stay', () => {
  expect({
    ...flattenEvent(makeEvent({ a: { b: { c: 1 } }, 'd.e': [{ f: 1 }], timestamp: 'x', n: null })),
  }).toEqual({
    timestamp: '2024-04-25T14:11:10.652Z',
    'a.b.c': 1,
    'd.e': [{ f: 1 }],
    n: null,
  })
})

test.each([
  [1_714_054_270_000_000n, 0, '2024-04-25T14:11:10.000Z'],
  [1_714_054_270_652_001n, 0, '2024-04-25T14:11:10.652001Z'],
  [1_714_054_270_652_000n, 5, '2024-04-25T14:11:10.652000005Z'],
])('%i and %i ns are %s', (timeUs, nanos, timestamp) => {
  expect(flattenEvent(makeEvent({}, { timeUs, nanos }))['timestamp']).toBe(timestamp)
})

test('what an import says of all its events, and what marks say of one, is there', () => {
  const flat = flattenEvent(
    makeEvent(
      { Message: 'm', tag: ['own', 'gone'], 'x.y': 'own' },
      {
        profile: { aliases: { message: 'Message' }, constants: { 'x.y': 'c', 'x.z': 'c' } },
        marks: { tags: ['new'], removedTags: ['gone'], labels: [], attributes: { score: 5 } },
      },
    ),
  )
  expect(flat).toMatchObject({ message: 'm', tag: ['own', 'new'], 'x.y': 'own', 'x.z': 'c', score: 5 })
})

test('marks say nothing of its time and of its handle', () => {
  const attributes = { timestamp: 'yesterday', __event_id: 'another', score: 5 }
  const marks = { tags: [], removedTags: [], labels: [], attributes }
  const time = '2024-04-25T14:11:10.652Z'
  expect({ ...flattenEvent(makeEvent({}, { marks })) }).toEqual({ timestamp: time, score: 5 })
  const own = { __event_id: 'of there' }
  expect({ ...flattenEvent(makeEvent(own, { marks })) }).toEqual({ timestamp: time, score: 5, ...own })
})

test('names of the prototype are names', () => {
  const flat = flattenEvent(makeEvent(JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')))
  expect(Object.keys(flat)).toContain('__proto__.a')
  expect(flat['constructor']).toBe(2)
})
