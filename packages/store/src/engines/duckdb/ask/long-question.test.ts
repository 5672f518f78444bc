import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askFor, importRows } from '../../../contract/ask-helpers.ts'
import type { EventStore } from '../../../event-store.ts'
import { openDuckDbStore } from '../open-store.ts'

let directory = ''
let store: EventStore
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-long-'))
  store = await openDuckDbStore({ directory })
  await importRows(store, { rows: [{ message: `${'a '.repeat(6000)}b` }, { message: 'a a' }] })
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

it('a phrase of thousands of words is answered', async () => {
  const query = { kind: 'phrase', field: undefined, text: 'a '.repeat(6000), slop: 0 } as const
  expect(await store.count(askFor(query))).toBe(1)
})

it('thousands of alternatives stop when nobody wants the answer any more', async () => {
  const controller = new AbortController()
  const of = Array.from({ length: 3000 }, (_, n) => ({
    kind: 'wildcard' as const,
    field: 'message',
    pattern: `*x${n}*`,
    whole: false,
    caseInsensitive: false,
  }))
  const counting = store.count(askFor({ kind: 'or', of }, { signal: controller.signal }))
  setImmediate(() => controller.abort())
  await expect(counting).rejects.toMatchObject({ name: 'AbortError' })
})
