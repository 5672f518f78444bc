import { basename } from 'node:path'
import { askOracle, type Python } from '../python-oracles.ts'
import type { Report } from '../report.ts'
import { readOurs } from './read-ours.ts'
import type { SampleLogs } from './sample-logs.ts'

interface CountsAnswer {
  readonly path: string
  readonly libevtx: readonly { readonly id: number; readonly event: number; readonly computer: string }[]
  readonly pythonEvtx: readonly number[]
}

/** Each file has the records, by number and event id, that libevtx and python-evtx find in it. */
export async function judgeCounts({ real, made }: SampleLogs, python: Python, report: Report): Promise<void> {
  if ('missing' in python) {
    report.skip(python.missing)
    return
  }
  const files = [...made, ...('missing' in real ? [] : real)]
  for await (const answer of askOracle(python.command, 'counts', files)) {
    // What `oracles.py` prints.
    const { path, libevtx, pythonEvtx } = answer as CountsAnswer
    const ours = (await readOurs(path)).map(({ number, record }) => ({
      id: number,
      event: record['EventID'],
      computer: record['Computer'],
    }))
    const isEqual =
      JSON.stringify(ours) ===
      JSON.stringify(libevtx.map(({ id, event, computer }) => ({ id, event, computer })))
    const hasNumbers = JSON.stringify(ours.map(({ id }) => id)) === JSON.stringify(pythonEvtx)
    if (isEqual && hasNumbers) report.pass()
    else
      report.fail(
        `${basename(path)}: ours ${ours.length} records, libevtx ${libevtx.length}, python-evtx ${pythonEvtx.length}`,
      )
  }
  report.say(`${files.length} files against libevtx and python-evtx`)
}
