import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readEvidence } from '../packages/ingest/src/pipeline/read-evidence.ts'
import { type StretchJob, StretchRunner } from '../packages/ingest/src/pipeline/stretch.ts'
import { LOG_KINDS, type LogKind, writeLog } from './data/log-kinds.ts'
import { DATA_FOLDER } from './data/synthetic.ts'
import type { Figure } from './figures.ts'
import { measureImport, rateOf } from './reading.ts'
import { tellStep } from './tell-step.ts'

const MEMORY_LINES = 20_000

/** Text logs: from bytes to batches in one thread, by kind, and imported by the command line. Rates are medians. */
export async function benchLogs(lines: number): Promise<readonly Figure[]> {
  const figures = await benchLogReaders()
  tellStep(`import of a syslog of ${lines.toLocaleString('en')} lines`)
  const note = `${lines.toLocaleString('en')} lines`
  return [...figures, ...(await measureImport('a syslog', await makeSyslog(lines), note))]
}

/** From bytes to batches in one thread, by kind. */
export async function benchLogReaders(only?: string): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const kind of LOG_KINDS) {
    if (only !== undefined && !kind.name.includes(only)) continue
    tellStep(`lines of ${kind.name} in memory`)
    figures.push(await measureLines(kind))
  }
  return figures
}

async function measureLines(kind: LogKind): Promise<Figure> {
  const text = writeLog(kind, MEMORY_LINES)
  const { format, jobs } = await planStretches(kind.name, text)
  const runner = new StretchRunner()
  const read = (): number => {
    for (const job of jobs) {
      // A reader may keep the bytes that it is given, and write over them.
      const { rejects } = runner.run({ ...job, bytes: job.bytes.slice() })
      if (rejects.length > 0)
        throw new Error(`${kind.name}: expected no rejects, found ${JSON.stringify(rejects[0])}`)
    }
    return MEMORY_LINES
  }
  return {
    name: `text log to batches, ${kind.name}`,
    ours: rateOf(read),
    unit: 'lines/s',
    note: `read as ${format}; one core, ${Math.round(text.length / MEMORY_LINES)} bytes a line; whatever events they make`,
  }
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
