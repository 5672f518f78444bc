import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Report } from '../report.ts'
import { findDifference } from './compare.ts'
import { readOurs } from './read-ours.ts'
import type { SampleLogs } from './sample-logs.ts'

/** Files whose JSON says something else than they do, and of what; the crate `evtx` agrees with us on all of them. */
const EDITED: ReadonlyMap<string, string> = new Map([
  ['ad691d92-15f2-4181-9aa4-723c74f9ddc3.evtx', 'ParentCommandLine: '],
])

/** Each real file gives the events that the JSON beside it holds. */
export async function judgeAgainstJson({ real }: SampleLogs, report: Report): Promise<void> {
  if ('missing' in real) {
    report.skip(real.missing)
    return
  }
  let events = 0
  for (const path of real) {
    const theirs = splitDocuments(readFileSync(path.replace(/evtx$/, 'json'), 'utf8'))
    const ours = await readOurs(path)
    const differences =
      ours.length === theirs.length
        ? ours
            .map(({ record }, i) => findDifference(record, theirs[i]))
            .filter((found) => found !== undefined)
        : [`${ours.length} events, theirs ${theirs.length}`]
    events += ours.length
    const edited = EDITED.get(basename(path))
    const isEdited =
      edited !== undefined && differences.length > 0 && differences.every((one) => one.startsWith(edited))
    if (differences.length === 0 || isEdited) report.pass()
    else report.fail(`${basename(path)}: ${differences[0]}`)
  }
  report.say(`${events} events of ${real.length} files against the JSON beside them`)
}

/** JSON documents one after the other, each over several lines; or one array of them. */
function splitDocuments(text: string): unknown[] {
  const documents = text
    .trim()
    .split(/\n(?=\{)/)
    .map((document): unknown => JSON.parse(document))
  const [first] = documents
  return documents.length === 1 && Array.isArray(first) ? first : documents
}
