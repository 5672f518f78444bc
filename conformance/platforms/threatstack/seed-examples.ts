import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The documentation of the vendor's Python client as it was copied from its page, which is no part of this project. */
const PAGE = join(import.meta.dirname, '../../../../shared/seeds/3-threatstack-client.txt')
/** Of the text whose lines are counted below. */
const SHA256 = '9a2b567106cb408c166dce2eeee9cf0dd4f7ed369a8f4e8de7ed141f13ee1882'

/** The examples of the page, by what they show: first line and last. */
const EXAMPLES: readonly (readonly [name: string, first: number, last: number])[] = [
  ['create a client', 17, 19],
  ['create a client with options', 23, 31],
  ['list agents', 39, 43],
  ['list alerts', 47, 47],
  ['list logs', 51, 51],
  ['list organizations', 55, 55],
  ['list policies', 59, 59],
  ['a date range', 67, 67],
  ['a date and time range', 71, 74],
  ['datetime', 78, 82],
  ['pagination', 88, 91],
  ['field filters', 99, 99],
  ['get an agent', 107, 107],
  ['get an alert', 111, 111],
  ['get a policy', 115, 115],
  ['what is not found', 119, 123],
  ['users of an organization', 133, 133],
  ['alerts of the last hour in full', 139, 154],
]
/** How many there are. */
export const EXAMPLE_COUNT: number = EXAMPLES.length

/** Why the examples cannot be had; undefined when they can. */
export function findExampleProblem(): string | undefined {
  if (!existsSync(PAGE)) return 'the page is not on this machine'
  const found = createHash('sha256').update(readFileSync(PAGE)).digest('hex')
  return found === SHA256 ? undefined : 'the page is another text than the one whose lines are known'
}

/**
 * Writes the examples for the program that runs them. Their statements `print x` of Python 2 become calls, the two misprints of quotes
 * are set right, and what stands in angle brackets is filled in there; nothing else is changed.
 *
 * @returns The file.
 */
export async function writeExamples(folder: string): Promise<string> {
  const lines = readFileSync(PAGE, 'utf8').split('\n')
  const examples = EXAMPLES.map(([name, first, last]) => ({
    name,
    code: lines
      .slice(first - 1, last)
      .map((line) =>
        line
          .replace(/^(\s*)print (.+)$/, '$1print($2)')
          .replace('<"API_KEY>"', '"<API_KEY>"')
          .replace('"<AGENT_ID">', '"<AGENT_ID>"'),
      )
      .join('\n'),
  }))
  const path = join(folder, 'examples.json')
  await writeFile(path, JSON.stringify(examples))
  return path
}
