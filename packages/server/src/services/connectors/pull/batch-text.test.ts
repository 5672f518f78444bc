import { expect, it } from 'vitest'
import { readBatch, writeBatch } from './batch-text.ts'
import type { PullBatch } from './pull-batch.ts'

const item = (id: string, json: string) => ({ id, hash: `hash of ${id}`, json })

const batch: PullBatch = {
  importId: '0123456789abcdef',
  groups: [
    {
      kind: 'elements-incident',
      fresh: [
        item('one', '{"name":"a \\"quoted\\" \\n name"}'),
        item('two', '{"large":12345678901234567890}'),
      ],
      changed: [{ ...item('three', '{}'), eventId: 'index/7' }],
      moved: [],
    },
    { kind: 'elements-device', fresh: [], changed: [], moved: [item('four', '{"online":true}')] },
  ],
  aside: [{ kind: 'elements-device', json: '[1,\n2]', reason: 'It is no object.' }],
  eventsOnly: ['elements-incident one'],
  cursors: { incidents: { upTo: '2026-01-02T03:04:05.678Z' } },
  counts: { read: 5, new: 2, updated: 1, unchanged: 1, rejected: 1 },
}

it('gives a batch back as it was, the text of each item to the letter', () => {
  expect(readBatch(writeBatch(batch))).toEqual(batch)
})

it('keeps of an item what the platform gave, not what was made of it', () => {
  const [group] = batch.groups
  const [one] = group!.fresh
  const known = { ...batch, groups: [{ ...group!, fresh: [{ ...one!, record: { name: 'made of it' } }] }] }
  expect(writeBatch(known)).not.toContain('made of it')
})

it('reads what earlier versions wrote, all of it in one line', () => {
  expect(readBatch(JSON.stringify(batch))).toEqual(batch)
  const { aside: _aside, eventsOnly: _eventsOnly, ...oldest } = batch
  expect(readBatch(JSON.stringify(oldest))).toEqual({ ...oldest, aside: [], eventsOnly: [] })
})

it('reads one without items', () => {
  const empty = { ...batch, groups: [] }
  expect(readBatch(writeBatch(empty))).toEqual(empty)
})
