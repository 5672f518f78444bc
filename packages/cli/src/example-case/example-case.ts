import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeBrowserHistory } from './browser-history.ts'
import { createRandom } from './random.ts'
import { writeWebAccess } from './web-access.ts'
import { writeWindowsEvents } from './windows-events.ts'

/** One source of the example case. */
export interface ExampleFile {
  readonly path: string
  /** Name of the timeline it becomes. */
  readonly timeline: string
}

/** A question the example case answers, with what the answer tells. */
export interface ExampleQuestion {
  readonly asks: string
  readonly query: string
}

/** Name of the sketch that holds the example case. */
export const EXAMPLE_SKETCH = 'Example: the overdue invoice'

/** How many timelines it has. */
export const EXAMPLE_TIMELINES = 3

/** Questions to begin with: the lure, the web shell, the way home. */
export const EXAMPLE_QUESTIONS: readonly ExampleQuestion[] = [
  { asks: 'Who met the lure, and what did they fetch?', query: 'domain:"invoice-portal.example"' },
  { asks: 'What was run through the web shell?', query: 'path:*thumb.aspx* AND status:200' },
  { asks: "Where does the attacker's address appear, in any source?", query: '"203.0.113.66"' },
]

const SEED = 20_260_309
const WINDOWS_ROWS = 12_000
const BROWSER_ROWS = 2_000
const WEB_ROWS = 6_000

/**
 * Writes the three sources of the example case into a folder: the same bytes on every machine and at every run.
 *
 * @returns The files, in the order to import them.
 */
export async function writeExampleCase(folder: string): Promise<readonly ExampleFile[]> {
  await mkdir(folder, { recursive: true })
  const random = createRandom(SEED)
  const files = [
    {
      name: 'windows-events.csv',
      timeline: 'Windows events',
      text: writeWindowsEvents(random, WINDOWS_ROWS),
    },
    {
      name: 'browser-history.jsonl',
      timeline: 'Browser history',
      text: writeBrowserHistory(random, BROWSER_ROWS),
    },
    { name: 'web-access.csv', timeline: 'Web server', text: writeWebAccess(random, WEB_ROWS) },
  ]
  const written: ExampleFile[] = []
  for (const file of files) {
    const path = join(folder, file.name)
    await writeFile(path, file.text)
    written.push({ path, timeline: file.timeline })
  }
  return written
}
