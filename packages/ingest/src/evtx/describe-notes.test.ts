import { expect, it } from 'vitest'
import { describeNotes } from './describe-notes.ts'

const CLEAN = { isDirty: false, isChecksumRight: true, version: '3.1', knownChunks: 1 }

it('says nothing of a log of which there is nothing to say', () => {
  expect(describeNotes(CLEAN, [])).toEqual([])
})

it('counts chunks and records of a kind, and names the first places', () => {
  const notes = Array.from({ length: 7 }, (_, i) => ({ kind: 'recovered', at: 4096 + i, count: 2 }) as const)
  expect(describeNotes(CLEAN, notes)).toEqual([
    '14 records were recovered by carving, in 7 chunks (at 4096, 4097, 4098, 4099, 4100 and others), with recovered: true.',
  ])
})
