import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Query } from '@timeskein/query'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNumbers, importRows } from '../../../contract/ask-helpers.ts'
import type { EventStore } from '../../../event-store.ts'
import { openDuckDbStore } from '../open-store.ts'

const LONG = `${'x'.repeat(300)} 4625`
const events = [
  { id: 4625, user: 'Ana', host: 'ana', at: '2024-01-01T22:15:00+02:00' },
  { id: '4625', user: 'ANA-2', host: 'Ana', at: '2024-12-30 07:00:00' },
  { id: 'event 4625', user: 'bob', host: 'x', at: 'noon' },
  { id: 46, user: 'bob', host: 'bob', flag: true },
  { id: 2.5, user: LONG, flag: 'TRUE' },
  { id: [1, '46'], flag: false },
  { id: '-3', user: '' },
].map((event, n) => ({ ...event, n, message: 'm', datetime: `2024-03-0${n + 1}T0${n}:00:00Z` }))

describe('questions that do not mind the type of a value', () => {
  let store: EventStore
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'timeskein-untyped-'))
    store = await openDuckDbStore({ directory })
    await importRows(store, { rows: events, batchRows: 4 })
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await rm(directory, { recursive: true })
  })

  const like = (field: string | undefined, pattern: string, caseInsensitive = true): Query => ({
    kind: 'wildcard',
    field,
    pattern,
    whole: true,
    caseInsensitive,
    anyType: true,
  })
  const matching = (field: string, pattern: string, caseInsensitive = false): Query => ({
    kind: 'regexp',
    field,
    pattern,
    caseInsensitive,
    anyType: true,
  })
  const within = (field: string, ends: object): Query => ({ kind: 'range', field, ...ends, anyType: true })

  it.each<[Query, number[]]>([
    [like('id', '4625'), [0, 1]],
    [like('id', '46*'), [0, 1, 3, 5]],
    [like('id', '2.?'), [4]],
    [like('flag', 'true'), [3, 4]],
    [like('flag', 'f*'), [5]],
    [like('user', 'ana'), [0]],
    [like('user', 'Ana*', false), [0]],
    [like('user', '*X 46*'), [4]],
    [like('user', ''), [6]],
    [like(undefined, '*62*'), [0, 1, 2, 4]],
    [like(undefined, '*Ana*', false), [0, 1]],
    [matching('id', '46[0-9]+'), [0, 1]],
    [matching('user', 'ana.*', true), [0, 1]],
    [matching('user', '.*x 4625'), [4]],
    [within('id', { gt: 46 }), [0, 1]],
    [within('id', { lte: 46, gte: -3 }), [3, 4, 5, 6]],
    [{ kind: 'fields', field: 'user', other: 'host', how: 'equal', caseInsensitive: true }, [0, 3]],
    [{ kind: 'fields', field: 'user', other: 'host', how: 'equal', caseInsensitive: false }, [3]],
    [{ kind: 'fields', field: 'user', other: 'host', how: 'startswith', caseInsensitive: true }, [0, 1, 3]],
    [{ kind: 'fields', field: 'user', other: 'none', how: 'equal', caseInsensitive: true }, []],
    [{ kind: 'date-part', field: 'at', part: 'hour', gte: 22, lte: 22 }, [0]],
    [{ kind: 'date-part', field: 'at', part: 'week', gte: 1, lte: 1 }, [0, 1]],
    [{ kind: 'date-part', field: 'datetime', part: 'hour', gt: 4 }, [5, 6]],
    [{ kind: 'date-part', field: 'datetime', part: 'hour', timeZone: 'Etc/GMT-1', gt: 5 }, [5, 6]],
    [{ kind: 'date-part', field: 'at', part: 'minute-of-day', gte: 1320, lt: 1380 }, [0]],
  ])('%j', async (query, numbers) => {
    expect(await findNumbers(store, query)).toEqual(numbers)
    const others = events.map(({ n }) => n).filter((n) => !numbers.includes(n))
    expect(await findNumbers(store, { kind: 'not', of: query })).toEqual(others)
  })

  it('parts of times that came in any order, and from before 1970', async () => {
    const index = 'e'.repeat(32)
    const times = [
      '2024-01-01T10:00:00Z',
      '1969-12-31T23:59:59.999999Z',
      '2023-01-01T05:00:00Z',
      '1970-01-01T00:00:00Z',
    ]
    await importRows(store, { rows: times.map((datetime, n) => ({ n, datetime })), index })
    const inHour = async (hour: number): Promise<number[]> =>
      await findNumbers(
        store,
        { kind: 'date-part', field: 'datetime', part: 'hour', gte: hour, lte: hour },
        { scope: [{ index }] },
      )
    expect(await Promise.all([10, 23, 5, 0].map(inHour))).toEqual([[0], [1], [2], [3]])
  })
})
