import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFileAsLog } from '../../../packages/ingest/src/logs/testing/read-log.ts'
import type { Report } from '../report.ts'
import { makeBodyFile } from './made-logs.ts'

const ENTRIES = 2000
/** What mactime's four letters stand for, in their order. */
const LETTERS: readonly (readonly [letter: string, description: string])[] = [
  ['m', 'Content Modification Time'],
  ['a', 'Last Access Time'],
  ['c', 'Metadata Modification Time'],
  ['b', 'Creation Time'],
]

/** The times of a body file, and which of them are equal, are those that The Sleuth Kit's mactime lists. */
export async function judgeBodyFile(report: Report): Promise<void> {
  if (spawnSync('mactime', ['-V']).error) {
    report.skip('mactime is not on this machine (Debian: sleuthkit)')
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-body-'))
  try {
    const path = join(folder, 'body')
    await writeFile(path, makeBodyFile(ENTRIES))
    const { stdout } = spawnSync('mactime', ['-b', path, '-y', '-z', 'UTC', '-d'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
    const theirs = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .filter((line) => !line.startsWith('0000-'))
      .map((line) => {
        const [date, size, type, , , , inode] = line.split(',')
        return `${date?.slice(0, 19)} ${inode} ${size} ${type}`
      })
    const { events } = await readFileAsLog(path)
    const ours = events.map((event) => {
      const descriptions = String(event['timestamp_desc']).split('; ')
      const type = LETTERS.map(([letter, name]) => (descriptions.includes(name) ? letter : '.')).join('')
      return `${String(event['datetime']).slice(0, 19)} ${event['inode']} ${event['size']} ${type}`
    })
    const found = new Set(ours)
    for (const line of theirs) {
      if (found.delete(line)) report.pass()
      else report.fail(`body file: mactime has ${line}, we have not`)
    }
    for (const line of found) report.fail(`body file: we have ${line}, mactime has not`)
    report.say(`${theirs.length} lines of mactime`)
  } finally {
    await rm(folder, { recursive: true })
  }
}
