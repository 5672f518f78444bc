import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChunkSource, PeekableSource } from '../packages/ingest/src/containers/byte-source.ts'
import { MFT_FORMAT } from '../packages/ingest/src/mft/mft-format.ts'
import { makeMft, type TestEntry } from '../packages/ingest/src/mft/testing/mft-writer.ts'
import type { StretchJob } from '../packages/ingest/src/pipeline/stretch.ts'
import { DATA_FOLDER } from './data/synthetic.ts'
import type { Figure } from './figures.ts'
import { measureImport, rateOf } from './reading.ts'
import { READING_THREADS, rateOnThreads, StretchLoop } from './stretches.ts'
import { tellStep } from './tell-step.ts'

/** Entries that are read again and again in memory. */
const MEMORY_ENTRIES = 20_000
const FOLDERS = 1000
/** FILETIME of 2026-03-01T10:00:00Z, and of a second. */
const START = 134_168_328_000_000_000n
const SECOND = 10_000_000n
const ENTRY_BYTES = 1024
/** Entries that are made at once. */
const CHUNK = 20_000

/** A master file table: entries to batches in one thread and in those of an import, paths included, and imported by the command line. Rates are medians. */
export async function benchMft(entries: number): Promise<readonly Figure[]> {
  tellStep('a $MFT in memory')
  const memory = await measurePieces()
  tellStep(`import of a $MFT of ${entries.toLocaleString('en')} entries`)
  const file = await makeMftFile(entries)
  return [...memory, ...(await measureImport('a $MFT', file, `${entries.toLocaleString('en')} entries`))]
}

async function measurePieces(): Promise<readonly Figure[]> {
  const table = makeMft(makeEntries(0, MEMORY_ENTRIES))
  const source = new PeekableSource(
    new ChunkSource(
      (async function* () {
        yield table
      })(),
    ),
  )
  const plan = await MFT_FORMAT.plan('$MFT', source, {}, {})
  const pieces = await Array.fromAsync(plan.pieces)
  await plan.close?.()
  const jobs = pieces
    .filter((piece) => piece.kind === 'stretch')
    .map((piece): StretchJob => ({ textId: 'mft', settings: plan.settings, ...piece }))
  const loop = new StretchLoop(jobs)
  let events = 0
  const one = rateOf(() => {
    events = loop.run()
    return MEMORY_ENTRIES
  })
  const note = `folders' paths at hand; ${(events / MEMORY_ENTRIES).toFixed(1)} events an entry; batches ready for the store`
  return [
    { name: '$MFT to batches', ours: one, unit: 'entries/s', note: `one thread, ${note}` },
    {
      name: `$MFT to batches in ${READING_THREADS} threads`,
      ours: await rateOnThreads(jobs, MEMORY_ENTRIES),
      unit: 'entries/s',
      note: `by the clock; ${note}`,
    },
  ]
}

/** Folders first, then files in them: two of three have a short name too, all have times that differ between name and file. */
function makeEntries(first: number, count: number): readonly TestEntry[] {
  const entries: TestEntry[] = []
  for (let number = Math.max(5, first); number < first + count; number++) {
    const created = START + BigInt(number) * SECOND
    const times = [created, created + SECOND, created + 2n * SECOND, created + SECOND] as const
    const isFolder = number < 64 + FOLDERS
    const parent = number < 64 || isFolder ? 5 : 64 + (number % FOLDERS)
    const own = [created, created, created, created] as const
    const name = number === 5 ? '.' : isFolder ? `folder ${number}` : `a file with a name ${number}.docx`
    const names = [{ name, parent, parentSequence: parent === 5 ? 5 : 1, times: own }]
    const short = { name: `FILE~${number % 1000}.DOC`, parent, parentSequence: 1, namespace: 2, times: own }
    entries.push({
      number: number - first,
      sequence: number === 5 ? 5 : 1,
      isFolder,
      names: isFolder || number % 3 === 0 ? names : [...names, short],
      times,
    })
  }
  return entries
}

/** A table of so many entries; made once, then reused. */
export async function makeMftFile(entries: number): Promise<string> {
  await mkdir(DATA_FOLDER, { recursive: true })
  const path = join(DATA_FOLDER, `mft-${entries}`)
  if (existsSync(path)) return path
  const partial = `${path}.partial`
  await writeFile(partial, '')
  for (let first = 0; first < entries; first += CHUNK) {
    const table = makeMft(makeEntries(first, Math.min(CHUNK, entries - first)))
    // The writer puts the table's own entry in front of every part; only the first is at its place.
    if (first > 0) table.fill(0, 0, ENTRY_BYTES)
    await writeFile(partial, table, { flag: 'a' })
  }
  await rename(partial, path)
  return path
}
