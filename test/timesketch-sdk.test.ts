import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import { Skip } from '../conformance/sdk/check.ts'
import { CHECKS } from '../conformance/sdk/checks.ts'
import { openOwnPlace, type Place } from '../conformance/sdk/place.ts'

// The suite of the TypeScript client for Timesketch against a server in this process, without a port. `conformance/sdk/run.ts --url`
// runs the same against any server.

let folder: string
let place: Place

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-sdk-'))
  place = await openOwnPlace(folder)
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

for (const { name, run } of CHECKS)
  test(name, async (context) => {
    try {
      await run(place)
    } catch (error) {
      if (error instanceof Skip) context.skip(error.message)
      throw error
    }
  })
