import type { TimeNotes } from '@timeskein/ingest'
import { expect, test } from 'vitest'
import { describeBadLines, describeTimeNotes } from './remarks.ts'

test('of lines that are no UTF-8, no one encoding is taken for granted', () => {
  expect(describeBadLines(2)[0]).toMatch(/option "encoding" .*windows-1252.*windows-1251.*shift_jis/)
})

test('times that could not be read are told by field, with the line of the first', () => {
  const unread = [
    { kind: 'unread' as const, field: 'Seen', count: 1, firstLine: 4, detail: 'not a time: "garbage"' },
    {
      kind: 'unread' as const,
      field: 'Gone',
      count: 12,
      firstLine: 9,
      detail: '0 stands for a time that was not set',
    },
  ]
  expect(describeTimeNotes(unread, true)).toEqual([
    '1 value of the time field "Seen" could not be read, so no event was made of it (line 4: not a time: "garbage").',
    '12 values of the time field "Gone" could not be read, so no event was made of them (first in line 9: 0 stands for a time that was not set).',
  ])
  expect(describeTimeNotes(unread.slice(1), false)[0]).toContain(
    'so the rows have their time from another field',
  )
})

test('of very many fields the rest is counted', () => {
  const unread = Array.from({ length: 30 }, (_, i) => ({
    kind: 'unread' as const,
    field: `t${i}`,
    count: 2,
    firstLine: 1,
    detail: 'x',
  }))
  const told = describeTimeNotes(unread, true)
  expect(told).toHaveLength(21)
  expect(told.at(-1)).toBe('20 values of 10 more time fields could not be read.')
})

test('times that were read in a way one has to know of are told by kind', () => {
  const notes: readonly TimeNotes[] = [
    {
      kind: 'unknown-zone',
      field: 'timezone',
      subject: 'Mars/Base',
      count: 3,
      firstLine: 2,
      detail: 'taken as UTC',
    },
    { kind: 'unknown-zone', field: 'timezone', count: 1, firstLine: 90, detail: 'taken as UTC' },
    {
      kind: 'other-unit',
      field: 'ts',
      subject: 'epoch-ms',
      count: 2,
      firstLine: 5,
      detail: 'taken as epoch-ms in a column of epoch-s',
    },
    {
      kind: 'no-clock',
      field: 'date and time',
      count: 1,
      firstLine: 7,
      detail: 'found only "2020-01-02"',
    },
  ]
  expect(describeTimeNotes(notes, false)).toEqual([
    '1 value of the time field "date and time" has no clock time, so midnight was taken (line 7: found only "2020-01-02").',
    '2 values of the time field "ts" are plausible times only in another unit, in which they were read (first in line 5: taken as epoch-ms in a column of epoch-s).',
    '3 rows name in "timezone" the zone "Mars/Base", which is not known, so their times were taken as UTC (first in line 2).',
    '1 row names in "timezone" more zones that are not known, so its time was taken as UTC (line 90).',
  ])
})
