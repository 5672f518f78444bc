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
  return [
    ...told.real.map(
      ({ rows, importSeconds }): Figure => ({
        name: 'real events by the Python importer',
        ours: REAL_EVENTS / importSeconds,
        unit: 'events/s',
        note: `${REAL_EVENTS.toLocaleString('en')} events until the timeline is ready, the client's own work among it; ${rows === REAL_EVENTS ? 'all' : rows.toLocaleString('en')} of them there`,
      }),
    ),
    {
      name: 'CSV by the Python importer',
      ours: told.rows / told.importSeconds,
      unit: 'events/s',
      note: `${told.rows.toLocaleString('en')} rows until the timeline is ready, the client's own work among it`,
    },
    {
      name: 'tag_events of the Python client',
      ours: told.tagSeconds,
      unit: 's',
      note: `${told.tagged.toLocaleString('en')} events; ${told.both.toLocaleString('en')} have both tags of two taggings in a row`,
    },
  ]
}

interface PythonFigures {
  /** Imports of real events, if there are any. */
  readonly real: readonly { readonly status: string; readonly rows: number; readonly importSeconds: number }[]
  readonly status: string
  readonly rows: number
  readonly importSeconds: number
  readonly tagged: number
  readonly tagSeconds: number
  readonly both: number
}
