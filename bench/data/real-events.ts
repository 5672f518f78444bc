import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DATA_FOLDER } from './synthetic.ts'

const PACKED = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'shared',
  'data',
  'otrf-security-datasets.jsonl.zst',
)

/** How many real events there are: OTRF Security-Datasets, 2.3 kB each, 582 different fields. */
export const REAL_EVENT_COUNT = 1_004_643

/** True where the real events stand beside the project; what needs them is left out elsewhere, and says so. */
export function hasRealEvents(): boolean {
  return existsSync(PACKED)
}

/** The first `eventCount` real events as JSON lines; unpacked once, then reused. Returns the file's path. */
export async function takeRealEvents(eventCount: number): Promise<string> {
  const path = join(DATA_FOLDER, `real-${eventCount}.jsonl`)
  if (existsSync(path)) return path
  await mkdir(DATA_FOLDER, { recursive: true })
  let failure: Error | undefined
  const unpack = spawn('zstd', ['-dc', PACKED], { stdio: ['ignore', 'pipe', 'ignore'] })
  unpack.once('error', (error) => {
    failure = error
  })
  const output = createWriteStream(`${path}.partial`)
  let count = 0
  for await (const line of createInterface({ input: unpack.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!output.write(`${line}\n`)) await once(output, 'drain')
    count += 1
    if (count >= eventCount) break
  }
  unpack.kill()
  output.end()
  await once(output, 'close')
  if (count < eventCount)
    throw new Error(`${PACKED} gave ${count} of ${eventCount} events`, failure ? { cause: failure } : {})
  await rename(`${path}.partial`, path)
  return path
}
