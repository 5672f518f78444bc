import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFileAsLog } from '../../../packages/ingest/src/logs/testing/read-log.ts'
import type { Report } from '../report.ts'
import { makeJournalExport } from './made-logs.ts'

const REMOTE = ['/lib/systemd/systemd-journal-remote', '/usr/lib/systemd/systemd-journal-remote']
const ENTRIES = 2000
const MAX_OUTPUT = 256 * 1024 * 1024

/**
 * A journal that systemd's own program makes of entries: what `journalctl -o export` writes of it, read by us, is what
 * `journalctl -o json` says, entry by entry and field by field.
 */
export async function judgeJournal(report: Report): Promise<void> {
  const remote = REMOTE.find((path) => existsSync(path))
  if (remote === undefined || spawnSync('journalctl', ['--version']).status !== 0) {
    report.skip(
      'journalctl and systemd-journal-remote are not on this machine (Debian: systemd-journal-remote)',
    )
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-journal-'))
  try {
    const source = join(folder, 'made.export')
    const journal = join(folder, 'made.journal')
    await writeFile(source, makeJournalExport(ENTRIES))
    run(remote, ['--split-mode=none', '-o', journal, source])
    const exported = join(folder, 'own.export')
    await writeFile(exported, run('journalctl', ['--file', journal, '-o', 'export', '--no-pager']))
    const theirs = run('journalctl', ['--file', journal, '-o', 'json', '--all', '--no-pager'])
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const { events, rejects } = await readFileAsLog(exported)
    if (events.length !== theirs.length || theirs.length !== ENTRIES || rejects.length > 0)
      report.fail(
        `journal: ours ${events.length} entries, ${rejects.length} rejects, journalctl ${theirs.length}`,
      )
    theirs.forEach((entry, i) => {
      const ours = events[i] ?? {}
      const wrong = Object.entries(entry).find(([name, value]) => !isEqual(ours[name], value))
      if (wrong)
        report.fail(
          `journal, entry ${i}: ${wrong[0]} is ${JSON.stringify(ours[wrong[0]])}, journalctl has ${JSON.stringify(wrong[1])}`,
        )
      else report.pass()
    })
    report.say(`${theirs.length} journal entries against journalctl`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** journalctl writes repeated fields as lists, and what is no text as lists of bytes; we write hexadecimal digits. */
function isEqual(ours: unknown, theirs: unknown): boolean {
  if (Array.isArray(theirs) && theirs.every((byte) => typeof byte === 'number')) {
    const bytes = Buffer.from(theirs as number[])
    return ours === bytes.toString('hex') || ours === bytes.toString('utf8')
  }
  if (Array.isArray(theirs))
    return JSON.stringify([ours].flat().toSorted()) === JSON.stringify(theirs.toSorted())
  return ours === theirs
}

function run(program: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { maxBuffer: MAX_OUTPUT })
  if (status !== 0)
    throw new Error(`${program} ended with ${status}: ${stderr.toString('utf8').slice(0, 500)}`)
  return stdout
}
