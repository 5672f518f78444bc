import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The vendor's page as it was copied, which is no part of this project. */
const PAGE = join(import.meta.dirname, '../../../../shared/seeds/5-sekoia-api.txt')
/** Of the text whose lines are counted below. */
const SHA256 = '72b34e50076987f7c4dec9ad438aaa517fb340bd858539109c9f1ff23f09560e'
const VENDOR_URL = 'https://api.sekoia.io/v1'

/** First and last line of each script, from 1. */
const SCRIPTS = [
  { name: 'get_request', first: 114, last: 148 },
  { name: 'post_request', first: 165, last: 201 },
  { name: 'search_events', first: 228, last: 429 },
] as const
/** First and last line of each command line. */
const COMMANDS = [
  { first: 31, last: 31 },
  { first: 62, last: 62 },
  { first: 72, last: 75 },
] as const

/** Why the page cannot be had; undefined when it can. */
export function findSeedProblem(): string | undefined {
  if (!existsSync(PAGE)) return 'the page is not on this machine'
  const found = createHash('sha256').update(readFileSync(PAGE)).digest('hex')
  return found === SHA256 ? undefined : 'the page is another text than the one whose lines are known'
}

/** Writes the scripts under a folder, for another address and a key. */
export async function writeScripts(folder: string, url: string, key: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { name, first, last } of SCRIPTS) {
    const code = readLines(first, last).replaceAll(VENDOR_URL, url)
    await writeFile(join(folder, `${name}.py`), `${code.replace('"YOUR_API_KEY"', JSON.stringify(key))}\n`)
  }
}

/** The command lines for a shell, for another address and a key. */
export function readCommands(url: string, key: string): readonly string[] {
  return COMMANDS.map(({ first, last }) =>
    readLines(first, last)
      .replaceAll(VENDOR_URL, url)
      .replace(/<?YOUR_API_KEY>?/, key)
      .replace(/^curl /, 'curl --globoff --silent --show-error --write-out "\\n%{http_code}" ')
      .replace(/ (http\S+\?\S+)/, " '$1'"),
  )
}

function readLines(first: number, last: number): string {
  return readFileSync(PAGE, 'utf8')
    .split('\n')
    .slice(first - 1, last)
    .join('\n')
}
