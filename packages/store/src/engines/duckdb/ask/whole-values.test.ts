import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askFor, importRows } from '../../../contract/ask-helpers.ts'
import { openDuckDbStore } from '../open-store.ts'

const LONG = 'x'.repeat(300)
const HOSTS = ['WS-01.corp.example', 'ws-01.corp.example', 'DC 1', '', 'a\0b', 'été', LONG]

let directory: string
let store: Awaited<ReturnType<typeof openDuckDbStore>>
/** Of one import few hosts, which are listed; of the other nearly each row another, or two. */
const frequent = Array.from({ length: 3000 }, (_, n) => ({ n, host: HOSTS[(n * n) % HOSTS.length]! }))
const rare = Array.from({ length: 3000 }, (_, n) => ({
  n,
  host: n % 3 === 0 ? HOSTS[n % HOSTS.length]! : n % 3 === 1 ? `h${n}` : [`h${n}`, HOSTS[n % HOSTS.length]!],
}))

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-whole-'))
  store = await openDuckDbStore({ directory })
  await importRows(store, { rows: frequent })
  await importRows(store, { rows: rare })
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

const countOf = (values: readonly string[]): number =>
  [...frequent, ...rare].filter(({ host }) => [host].flat().some((one) => values.includes(one))).length

describe('an exact value', () => {
  test.each(HOSTS.filter((host) => host.length <= 256))('is found wherever it stands: %j', async (host) => {
    const query = { kind: 'term', field: 'host.keyword', value: host } as const
    expect(await store.count(askFor(query))).toBe(countOf([host]))
  })

  test('of more than 256 units is not found, whether its segment lists values or not', async () => {
    const query = { kind: 'term', field: 'host.keyword', value: LONG } as const
    expect(countOf([LONG])).toBeGreaterThan(0)
    expect(await store.count(askFor(query))).toBe(0)
  })

  test('that no row has is not found, nor a part of one', async () => {
    for (const value of ['WS-01', 'corp', 'nobody', '\0DC 1', 'y'.repeat(250)]) {
      const query = { kind: 'term', field: 'host.keyword', value } as const
      expect(await store.count(askFor(query)), value).toBe(0)
    }
  })

  test('is found with others at once', async () => {
    const values = ['DC 1', 'été', 'nobody', 'h4']
    const of = values.map((value) => ({ kind: 'term', field: 'host.keyword', value }) as const)
    expect(await store.count(askFor({ kind: 'or', of }))).toBe(countOf(values))
  })

  test('is no word: words are found as before', async () => {
    const query = { kind: 'match', field: 'host', text: 'corp.example', operator: 'and' } as const
    expect(await store.count(askFor(query))).toBe(countOf(['WS-01.corp.example', 'ws-01.corp.example']))
  })
})
