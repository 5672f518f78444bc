import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFileAsLog } from '../../../packages/ingest/src/logs/testing/read-log.ts'
import type { Report } from '../report.ts'
import { makeAuditLog } from './made-logs.ts'

const EVENTS = 1000

/** Records are joined to the events that ausearch makes of them, and what is in hexadecimal digits is read as it reads it. */
export async function judgeAudit(report: Report): Promise<void> {
  if (spawnSync('ausearch', ['--version']).error) {
    report.skip('ausearch is not on this machine (Debian: auditd)')
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-audit-'))
  try {
    const path = join(folder, 'audit.log')
    await writeFile(path, makeAuditLog(EVENTS))
    const { stdout } = spawnSync('ausearch', ['-if', path, '-i'], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    const theirs = stdout
      .split('----\n')
      .filter((text) => text.trim() !== '')
      .map((text) => ({
        serial: Number(/:(\d+)\)/.exec(text)?.[1]),
        types: [...text.matchAll(/^type=(\S+)/gm)].map(([, type]) => type!).toSorted(),
        title: / proctitle=(.*)/.exec(text)?.[1]?.trim(),
        argument: / a1=(.*?) ?$/m.exec(
          text.split('\n').find((line) => line.startsWith('type=EXECVE')) ?? '',
        )?.[1],
      }))
    const { events } = await readFileAsLog(path)
    const ours = new Map(events.map((event) => [event['audit_serial'], event]))
    if (events.length !== EVENTS || theirs.length !== EVENTS)
      report.fail(`audit: ours ${events.length} events, ausearch ${theirs.length}, made ${EVENTS}`)
    for (const { serial, types, title, argument } of theirs) {
      const event = ours.get(serial) ?? {}
      const found = [event['type']].flat().toSorted()
      const [, secondArgument] = [event['a1']].flat()
      if (JSON.stringify(found) !== JSON.stringify(types))
        report.fail(`audit event ${serial}: record types ${found.join()}, ausearch has ${types.join()}`)
      else if (event['proctitle'] !== title)
        report.fail(`audit event ${serial}: proctitle ${event['proctitle']}, ausearch has ${title}`)
      else if (argument !== undefined && secondArgument !== argument)
        report.fail(`audit event ${serial}: a1 ${secondArgument}, ausearch has ${argument}`)
      else report.pass()
    }
    report.say(`${theirs.length} audit events against ausearch`)
  } finally {
    await rm(folder, { recursive: true })
  }
}
