import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readEvidence } from '../packages/ingest/src/pipeline/read-evidence.ts'
import { type StretchJob, StretchRunner } from '../packages/ingest/src/pipeline/stretch.ts'
import { LOG_KINDS, type LogKind, writeLog } from './data/log-kinds.ts'
import { DATA_FOLDER } from './data/synthetic.ts'
import type { Figure } from './figures.ts'
import { measureImport, rateOf } from './reading.ts'
import { READING_THREADS, rateOnThreads, StretchLoop } from './stretches.ts'
import { tellStep } from './tell-step.ts'

const MEMORY_LINES = 20_000

/** Text logs: from bytes to batches in one thread and in those of an import, by kind, and imported by the command line. Rates are medians. */
export async function benchLogs(lines: number): Promise<readonly Figure[]> {
  const figures = await benchLogReaders()
  tellStep(`import of a syslog of ${lines.toLocaleString('en')} lines`)
  const note = `${lines.toLocaleString('en')} lines`
  return [...figures, ...(await measureImport('a syslog', await makeSyslog(lines), note))]
}

/** From bytes to batches in one thread and in those of an import, by kind. */
export async function benchLogReaders(only?: string): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const kind of LOG_KINDS) {
    if (only !== undefined && !kind.name.includes(only)) continue
    tellStep(`lines of ${kind.name} in memory`)
    figures.push(...(await measureLines(kind)))
  }
  return figures
}

async function measureLines(kind: LogKind): Promise<readonly Figure[]> {
  const text = writeLog(kind, MEMORY_LINES)
  const { format, jobs } = await planStretches(kind.name, text)
  const loop = new StretchLoop(jobs)
  const one = rateOf(() => {
    loop.run()
    return MEMORY_LINES
  })
  const note = `read as ${format}; ${Math.round(text.length / MEMORY_LINES)} bytes a line; whatever events they make`
  return [
    {
      name: `text log to batches, ${kind.name}`,
      ours: one,
      unit: 'lines/s',
      note: `one thread, ${note}`,
    },
    {
      name: `text log to batches in ${READING_THREADS} threads, ${kind.name}`,
      ours: await rateOnThreads(jobs, MEMORY_LINES),
      unit: 'lines/s',
      note: 'by the clock',
    },
  ]
}

/** How an import would read a text: its format, and the stretches that a thread is given. */
async function planStretches(
  name: string,
  text: Uint8Array,
): Promise<{ readonly format: string; readonly jobs: readonly StretchJob[] }> {
  const jobs: StretchJob[] = []
  const runner = new StretchRunner()
  const stream = (async function* () {
    yield text
  })()
  let format = ''
  const items = readEvidence(
    { stream, name },
    {},
    {
      concurrency: 1,
      run: async (job) => {
        jobs.push({ ...job, bytes: job.bytes.slice() })
        return { ...runner.run(job), batches: [] }
      },
    },
  )
  for await (const item of items) if (item.kind === 'file') ({ format } = item)
  return { format, jobs }
}

/** A syslog of so many lines; made once, then reused. */
export async function makeSyslog(lines: number): Promise<string> {
  const path = join(DATA_FOLDER, `made-${lines}.syslog`)
  if (existsSync(path)) return path
  await mkdir(DATA_FOLDER, { recursive: true })
  await writeFile(`${path}.partial`, writeLog(LOG_KINDS[0]!, lines))
  await rename(`${path}.partial`, path)
  return path
}
