import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hasRealEvents } from '../data/real-events.ts'
import { makeSyntheticCsv } from '../data/synthetic.ts'
import type { Figure } from '../figures.ts'
import { takeDescribedEvents } from './described-events.ts'
import type { Uploading } from './measure-uploads.ts'

const PYTHON = join(import.meta.dirname, '../../conformance/python/.cache/venv/bin/python')
const SCRIPT = join(import.meta.dirname, 'python_client.py')
const ROWS = 100_000
const REAL_EVENTS = 100_000

/** Somebody who can sign in. */
export interface Account {
  readonly username: string
  readonly password: string
}

/** What the official Python packages take to import files and to tag events; nothing without them, with a word. */
export async function measurePython(
  url: string,
  { username, password }: Account,
  { mayLose = false }: Omit<Uploading, 'rounds'> = {},
): Promise<readonly Figure[]> {
  if (!existsSync(PYTHON)) {
    process.stdout.write('no Python packages: `npm run conformance -- python` makes their environment\n')
    return []
  }
  const csv = await makeSyntheticCsv(ROWS)
  const real = hasRealEvents() ? [await takeDescribedEvents(REAL_EVENTS)] : []
  const run = spawnSync(PYTHON, [SCRIPT, url, username, password, csv, String(ROWS), ...real], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  if (run.status !== 0)
    throw new Error(`python_client.py ended with ${run.status}: ${run.stderr.slice(-2000)}`)
  const told = JSON.parse(run.stdout) as PythonFigures
  if (told.status !== 'ready') throw new Error(`the timeline of the Python importer is ${told.status}`)
  for (const { status, rows } of told.real)
    if (status !== 'ready' || (rows !== REAL_EVENTS && !mayLose))
      throw new Error(
        `the timeline of real events by Python is ${status}, with ${rows} of ${REAL_EVENTS} events`,
      )
  const tellRate = (events: number, { importSeconds, ownSeconds }: PythonImport): Omit<Figure, 'name'> => ({
    ours: events / importSeconds,
    unit: 'events/s',
    note: `${events.toLocaleString('en')} until the timeline is ready; the client's own processor time alone would make it ${Math.round(events / ownSeconds).toLocaleString('en')}`,
  })
  return [
    ...told.real.map((real): Figure => {
      const rate = tellRate(REAL_EVENTS, real)
      const kept = real.rows === REAL_EVENTS ? 'all' : real.rows.toLocaleString('en')
      return {
        name: 'real events by the Python importer',
        ...rate,
        note: `${rate.note}; ${kept} of them there`,
      }
    }),
    { name: 'CSV by the Python importer', ...tellRate(told.rows, told) },
    {
      name: 'tag_events of the Python client',
      ours: told.tagSeconds,
      unit: 's',
      note: `${told.tagged.toLocaleString('en')} events; ${told.both.toLocaleString('en')} have both tags of two taggings in a row`,
    },
  ]
}

interface PythonImport {
  readonly status: string
  readonly rows: number
  readonly importSeconds: number
  /** Processor time of the client itself: no server makes it faster than that. */
  readonly ownSeconds: number
}

interface PythonFigures extends PythonImport {
  /** Imports of real events, if there are any. */
  readonly real: readonly PythonImport[]
  readonly tagged: number
  readonly tagSeconds: number
  readonly both: number
}
