import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { DATA_FOLDER, makeSyntheticCsv, makeSyntheticJsonLines } from './data/synthetic.ts'
import { makeEventLog } from './evtx.ts'
import type { Figure } from './figures.ts'
import { makeSyslog } from './logs.ts'
import { makeMftFile } from './mft.ts'
import { type ImportRun, importOnce } from './reading.ts'
import { tellStep } from './tell-step.ts'

/** Small files beside the large ones, and their rows: what a collector's modules write. */
const SMALL_FILES = 500
const SMALL_ROWS = 20

/** A part of the archive: a file, or the folder of small files. */
interface Part {
  readonly what: string
  readonly path: string
  /** Where it stands in the archive. */
  readonly name: string
}

/**
 * A triage archive of many kinds of evidence, 1.9 GB unpacked where a million events are asked for: its import, and those of its parts one
 * after the other, each in a process of its own, from the beginning of the import until its events can be searched. One run each: they
 * take minutes. Processor time is told as well, since on a busy machine that of one run is worth more than how long it took; of it the
 * start of each process is taken off, as the import of one small file has it.
 */
export async function benchTriage(events: number): Promise<readonly Figure[]> {
  tellStep('parts of a triage archive')
  const parts: readonly Part[] = [
    {
      what: 'event log',
      name: 'C/Windows/System32/winevt/Logs/Security.evtx',
      path: await makeEventLog(events * 0.3),
    },
    { what: '$MFT', name: 'C/$MFT', path: await makeMftFile(events / 5) },
    { what: 'JSON lines', name: 'results/events.jsonl', path: await makeSyntheticJsonLines(events) },
    { what: 'CSV', name: 'results/events.csv', path: await makeSyntheticCsv(events) },
    { what: 'syslog', name: 'logs/syslog', path: await makeSyslog(events * 5) },
  ]
  const small = await makeSmallFiles()
  const sizes = await Promise.all([...parts, ...small].map(async ({ path }) => (await stat(path)).size))
  const unpackedBytes = sizes.reduce((sum, size) => sum + size, 0)
  const archive = await makeArchive(events, [...parts, ...small])
  const runs: (ImportRun & { readonly what: string })[] = []
  for (const { what, path } of [...parts, { what: `${SMALL_FILES} small files`, path: SMALL_FOLDER }]) {
    tellStep(`import of the part: ${what}`)
    runs.push({ what, ...(await importOnce(path)) })
  }
  tellStep('import of the archive')
  const whole = await importOnce(archive)
  tellStep('import of one small file')
  const { processorSeconds: startSeconds } = await importOnce(small[0]!.path)
  const work = ({ processorSeconds }: ImportRun): number => processorSeconds - startSeconds
  const sum = (select: (run: ImportRun) => number): number =>
    runs.reduce((total, run) => total + select(run), 0)
  if (whole.stored !== sum(({ stored }) => stored))
    throw new Error(`expected ${sum(({ stored }) => stored)} events in the archive, found ${whole.stored}`)
  const size = `${(unpackedBytes / 1e9).toFixed(2)} GB unpacked, ${((await stat(archive)).size / 1e9).toFixed(2)} GB packed`
  const told = `${whole.files} files, ${whole.stored.toLocaleString('en')} events, ${size}; one run`
  return [
    { name: 'import of a triage archive', ours: whole.seconds, unit: 's', note: told },
    {
      name: '… its parts one after the other',
      ours: sum(({ seconds }) => seconds),
      unit: 's',
      note: `${runs.map(({ what, seconds }) => `${what} ${seconds.toFixed(1)} s`).join(', ')}; the archive took ${(whole.seconds / sum(({ seconds }) => seconds)).toFixed(2)} times as long`,
    },
    {
      name: '… processor time of the archive',
      ours: work(whole),
      unit: 's',
      note: `of its parts ${runs.map((run) => work(run).toFixed(1)).join(', ')} s, the archive ${(work(whole) / sum(work)).toFixed(2)} times as much; ${startSeconds.toFixed(1)} s for the start of a process taken off each`,
    },
    {
      name: '… peak memory',
      ours: whole.peakBytes / 1e6,
      unit: 'MB',
      note: `of the archive; of its parts ${runs.map(({ peakBytes }) => (peakBytes / 1e6).toFixed(0)).join(', ')} MB`,
    },
  ]
}

const SMALL_FOLDER = join(DATA_FOLDER, `triage-small-${SMALL_FILES}`)

async function makeSmallFiles(): Promise<readonly { readonly path: string; readonly name: string }[]> {
  await mkdir(SMALL_FOLDER, { recursive: true })
  return await Promise.all(
    Array.from({ length: SMALL_FILES }, async (_, file) => {
      const name = `module-${file}.csv`
      const path = join(SMALL_FOLDER, name)
      const rows = Array.from(
        { length: SMALL_ROWS },
        (_, row) =>
          `2026-03-01T10:${String(row).padStart(2, '0')}:00Z,finding ${row} of module ${file},user${row}\n`,
      )
      await writeFile(path, `datetime,message,username\n${rows.join('')}`)
      return { path, name: `results/small/${name}` }
    }),
  )
}

async function makeArchive(
  events: number,
  entries: readonly { readonly path: string; readonly name: string }[],
): Promise<string> {
  const path = join(DATA_FOLDER, `triage-${events}.zip`)
  if (existsSync(path)) return path
  const archive = new ZipFile()
  for (const entry of entries) archive.addFile(entry.path, entry.name, { compressionLevel: 1 })
  archive.end()
  // Its stream is one of Node's, whatever the types say.
  await pipeline(archive.outputStream as Readable, createWriteStream(`${path}.partial`))
  await rename(`${path}.partial`, path)
  return path
}
