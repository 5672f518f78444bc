import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Query } from '@timeskein/query'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importRows, TEST_INDEX } from '../../../contract/ask-helpers.ts'
import { StoreError } from '../../../store-error.ts'
import { openDuckDbStore } from '../open-store.ts'
import { WritingStore } from '../writing-store.ts'
import { askAgainIfDropped } from './dropped-rows.ts'
import { AskMemory, findHits, openScope } from './scope-hits.ts'

const WITHOUT_FIELD: Query = { kind: 'not', of: { kind: 'exists', field: 'a' } }

let directory: string
let writing: WritingStore
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-dropped-'))
  {
    await using store = await openDuckDbStore({ directory })
    for (const timelineId of [1, 2]) await importRows(store, { rows: [{ a: 1 }, { a: 2 }], timelineId })
  }
  writing = await WritingStore.open({ directory })
})
afterAll(async () => {
  await writing[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

it('a question whose timeline is dropped before it has ended is not answered with rows that lost their values', async () => {
  const ask = async (timelineIds: readonly number[], meanwhile: () => Promise<unknown>): Promise<number> => {
    const memory = new AskMemory(0)
    const scope = [{ index: TEST_INDEX, timelineIds }]
    using opened = await openScope(writing.files, memory, scope, undefined)
    await meanwhile()
    return (await findHits(opened.indexes, { scope, query: WITHOUT_FIELD }, memory, undefined)).total
  }
  expect(await ask([1, 2], async () => {})).toBe(0)
  await expect(ask([1, 2], () => writing.dropTimeline(TEST_INDEX, 2))).rejects.toMatchObject({
    code: 'no-row',
  })
  expect(await ask([1, 2], async () => {})).toBe(0)
})

it('what was dropped is asked about once more, and other failures are told', async () => {
  let asked = 0
  const failing = (code: 'no-row' | 'corrupt', times: number) => async () => {
    if (++asked <= times) throw new StoreError(code, 'gone')
    return 'answer'
  }
  expect(await askAgainIfDropped(failing('no-row', 1))).toBe('answer')
  asked = 0
  await expect(askAgainIfDropped(failing('no-row', 2))).rejects.toMatchObject({ code: 'no-row' })
  asked = 0
  await expect(askAgainIfDropped(failing('corrupt', 1))).rejects.toMatchObject({ code: 'corrupt' })
})
