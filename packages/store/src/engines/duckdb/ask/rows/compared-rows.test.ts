import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FieldComparison } from '@timeskein/query'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNumbers, importRows } from '../../../../contract/ask-helpers.ts'
import type { EventStore } from '../../../../event-store.ts'
import { openDuckDbStore } from '../../open-store.ts'
import { compileEventTest } from '../match/event-test.ts'

const LONG = `${'long '.repeat(60)}End`
/** As JSON, so that numbers are written as they are here. */
const VALUES = [
  '"ana"',
  '"ANA"',
  '"an"',
  '"É"',
  '"é"',
  '"\\u212a"',
  '"k"',
  '""',
  '"10"',
  '10',
  '10.0',
  '1e1',
  '9007199254740993',
  '9007199254740992',
  'true',
  '"TRUE"',
  'null',
  JSON.stringify(LONG),
  JSON.stringify(LONG.toUpperCase()),
  '["x","ana"]',
  '"x"',
]
const ROWS = VALUES.flatMap((a) => VALUES.map((b) => `"a":${a},"b":${b}`)).map(
  (pair, n) => `{"n":${n},${pair}}`,
)

describe('comparing two fields', () => {
  let directory: string
  let store: EventStore
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'timeskein-compared-'))
    store = await openDuckDbStore({ directory })
    await importRows(store, { rows: [...ROWS, `{"n":${ROWS.length},"a":"ana"}`] })
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await rm(directory, { recursive: true })
  })

  it.each(['equal', 'startswith', 'endswith', 'contains'] as const)(
    '%s finds what the events say',
    async (how) => {
      for (const caseInsensitive of [true, false]) {
        const query: FieldComparison = { kind: 'fields', field: 'a', other: 'b', how, caseInsensitive }
        const passes = compileEventTest(query)
        const expected = ROWS.flatMap((row, n) => (passes(JSON.parse(row)) ? [n] : []))
        expect(await findNumbers(store, query)).toEqual(expected)
      }
    },
  )
})
