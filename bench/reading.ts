import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Figure, median } from './figures.ts'
import { runSkein } from './skein-process.ts'

const RUNS = 21
const WARM_UP_RUNS = 3
const IMPORTS = 3

/** Median over 21 runs of what a function does in a second of processor time: other work on the machine does not count. */
export function rateOf(work: () => number): number {
  for (let run = 0; run < WARM_UP_RUNS; run++) work()
  return median(
    Array.from({ length: RUNS }, () => {
      const before = process.cpuUsage()
      const count = work()
      const { user, system } = process.cpuUsage(before)
      return count / ((user + system) / 1e6)
    }),
  )
}

/** Imports of a file by the command line, each into a data directory of its own: events a second, and the process's memory. */
export async function measureImport(what: string, file: string, note: string): Promise<readonly Figure[]> {
  const runs: { rate: number; peakBytes: number }[] = []
  for (let run = 0; run < IMPORTS; run++) {
    const { stored, seconds, peakBytes } = await importOnce(file)
    runs.push({ rate: stored / seconds, peakBytes })
  }
  const told = `${note}; ${IMPORTS} runs`
  return [
    { name: `import of ${what}`, ours: median(runs.map(({ rate }) => rate)), unit: 'events/s', note: told },
    {
      name: 'peak memory of that',
      ours: Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 1e6,
      unit: 'MB',
      note: told,
    },
  ]
}

/** What an import by the command line, into a data directory of its own, took. */
export interface ImportRun {
  readonly files: number
  /** Events that are stored. */
  readonly stored: number
  /** Until they can be searched. */
  readonly seconds: number
  /** Of the whole process, its start too. */
  readonly processorSeconds: number
  /** Highest resident memory of the process. */
  readonly peakBytes: number
}

/** Imports a file, a folder or an archive by the command line. */
export async function importOnce(path: string): Promise<ImportRun> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  try {
    const args = ['import', path, '--sketch', 'bench', '--data', dataDirectory, '--json', '--quiet']
    const { stdout, processorSeconds, peakBytes } = await runSkein(args)
    // What `skein import --json` prints.
    const { files, searchable_seconds: seconds } = JSON.parse(stdout) as {
      readonly searchable_seconds: number
      readonly files: readonly { readonly stored: number }[]
    }
    const stored = files.reduce((sum, file) => sum + file.stored, 0)
    return { files: files.length, stored, seconds, processorSeconds, peakBytes }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}
