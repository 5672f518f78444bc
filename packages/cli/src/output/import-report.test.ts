import { expect, test } from 'vitest'
import type { ImportReport } from '../backend/backend.ts'
import { describeImport } from './import-report.ts'

function describeFile(file: Partial<ImportReport['files'][number]>): string {
  const account = {
    ...{ path: 'a.csv', sha256: '', format: 'csv', read: 3, stored: 1, rejected: 2, duplicates: 0 },
    ...{ seconds: 0, reasons: { 'bad-time': 2 } },
    ...file,
  }
  const rest = { timeline_id: 1, sketch_id: 1, searchable_seconds: 0, indexed_seconds: 0 }
  return describeImport({ files: [account], ...rest }).text
}

test('what was lost is told with the first place and the sentence of each reason', () => {
  const one = describeFile({ first_rejects: { 'bad-time': { line: 17, detail: 'month 13 is not 1 to 12' } } })
  expect(one).toMatch(/\n {2}rejected: 2 bad-time\n {2}line 17: month 13 is not 1 to 12\n$/)
  const two = describeFile({
    format: 'evtx',
    reasons: { truncated: 1, 'bad-record': 1 },
    first_rejects: {
      truncated: { line: 0, detail: 'expected a chunk, found the end' },
      'bad-record': { line: 4, detail: 'expected a record, found none' },
    },
  })
  expect(two).toContain('\n  truncated: expected a chunk, found the end\n')
  expect(two).toContain('\n  bad-record, record 4: expected a record, found none\n')
})

test('evidence in such a sentence moves no cursor, and a long one is cut', () => {
  const detail = `found "\u001b[2J\n${'x'.repeat(999)}😀"`
  const told = describeFile({ first_rejects: { 'bad-time': { line: 2, detail } } })
  expect(told).toContain('line 2: found "\\x1b[2J\\nxxx')
  expect(told).toMatch(/x…\n$/)
  expect(told.split('\n').at(-2)!.length).toBeLessThan(330)
})
