import { expect, test } from 'vitest'
import { fitToColumn } from '../../table/parquet.ts'
import { planColumns, spreadEvent } from './event-columns.ts'
import { EMPTY_QUESTION } from './question.ts'

const MAPPINGS = [
  { field: 'bytes', type: 'long' },
  { field: 'user', type: 'text' },
]

test('columns are those asked for, or all that the sketch has', () => {
  const names = (fields: readonly string[] | undefined): string[] =>
    planColumns({ ...EMPTY_QUESTION, fields }, MAPPINGS).map(({ name }) => name)
  expect(names(['user'])).toEqual(['datetime', 'user', 'label', '_id', '_index'])
  expect(names(['*'])).toEqual([
    ...['datetime', 'timestamp', 'timestamp_desc', 'message', 'bytes', 'user'],
    ...['label', '_id', '_index'],
  ])
  expect(names(undefined)).toContain('tag')
})

test('what has no column, or does not fit into it, is in the last one', () => {
  const columns = planColumns({ ...EMPTY_QUESTION, fields: ['bytes', 'user'] }, MAPPINGS)
  const places = new Map(columns.map((column, place) => [column.name, place]))
  const spread = (fields: Record<string, string | number | bigint>): unknown[] =>
    spreadEvent({ id: 'x', index: 'i', fields }, columns, places, (value, { type }) =>
      fitToColumn(value, type),
    )
  expect(spread({ bytes: 5, user: 'bob' })).toEqual([undefined, 5n, 'bob', undefined, 'x', 'i', undefined])
  expect(spread({ bytes: 'many', other: 2n ** 70n }).at(-1)).toBe(
    '{"bytes":"many","other":1180591620717411303424}',
  )
})
