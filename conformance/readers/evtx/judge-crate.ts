import { basename } from 'node:path'
import { askOracle, type Python } from '../python-oracles.ts'
import type { Report } from '../report.ts'
import { findDifference } from './compare.ts'
import { readOurs } from './read-ours.ts'
import type { SampleLogs } from './sample-logs.ts'

interface CrateAnswer {
  readonly path: string
  readonly records: readonly { readonly id: number; readonly data: string }[]
}

/** Each file, real or made, gives the events that the Rust crate `evtx` finds in it. */
export async function judgeAgainstCrate(
  { real, made }: SampleLogs,
  python: Python,
  report: Report,
): Promise<void> {
  if ('missing' in python) {
    report.skip(python.missing)
    return
  }
  if ('missing' in real) report.skip(real.missing)
  const files = [...made, ...('missing' in real ? [] : real)]
  let events = 0
  for await (const answer of askOracle(python.command, 'crate', files)) {
    // What `oracles.py` prints.
    const { path, records } = answer as CrateAnswer
    const ours = await readOurs(path)
    const differences =
      ours.length === records.length
        ? ours
            .map(({ record }, i) => findDifference(record, JSON.parse(records[i]!.data)))
            .filter((found) => found !== undefined)
        : [`${ours.length} events, theirs ${records.length}`]
    events += ours.length
    if (differences.length === 0) report.pass()
    else report.fail(`${basename(path)}: ${differences.length} differences, first: ${differences[0]}`)
  }
  report.say(`${events} events of ${files.length} files against the crate evtx`)
}
