import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const EVENTS = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'shared',
  'data',
  'otrf-security-datasets.jsonl.zst',
)
/** Every so many of the events are taken, so that all kinds are there. */
const EVERY = 100

/** Some of the real events (OTRF Security-Datasets) as lines of JSON; undefined where they are not beside the project. */
export async function readRealRows(count: number): Promise<string[] | undefined> {
  if (!existsSync(EVENTS)) return undefined
  const rows: string[] = []
  const unpack = spawn('zstd', ['-dc', EVENTS], { stdio: ['ignore', 'pipe', 'ignore'] })
  let line = 0
  for await (const text of createInterface({ input: unpack.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line++ % EVERY === 0) rows.push(text)
    if (rows.length >= count) break
  }
  unpack.kill()
  return rows
}
