import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { StorePlace } from '../../contract/import-contract.ts'
import { describeEventStore } from '../../event-store.case.ts'
import { openDuckDbStore } from './open-store.ts'

async function makePlace(): Promise<StorePlace> {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-store-'))
  return {
    open: () => openDuckDbStore({ directory }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  }
}

describeEventStore(makePlace)

it('a directory is open in one store at a time', async () => {
  await using place = await makePlace()
  {
    await using _first = await place.open()
    await expect(place.open()).rejects.toThrow(/has it open already/)
  }
  await using _second = await place.open()
})
