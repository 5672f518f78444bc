import type { Query } from '@timeskein/query'
import type { ReadEvent } from '../../event-source.ts'
import type { Analyzer, AnalyzerRun } from '../analyzer.ts'
import { writeReport } from '../report.ts'
import { type AuthRecord, type BruteForceRule, findBruteForce, reportBruteForce } from './brute-force.ts'

/** The label of events with a star (Timesketch’s name). */
const STAR = '__ts_star'

/** How one kind of log tells of log-ins. */
export interface AuthLog {
  readonly query: Query
  readonly rule: BruteForceRule
  /** What an event says; undefined when it is about something else. */
  readonly read: (event: ReadEvent) => Omit<AuthRecord, 'eventId' | 'timeS'> | undefined
  /** Whether a record of a forced session is marked. */
  readonly isMarked: (record: AuthRecord) => boolean
  readonly tag: string
  readonly nothing: string
}

/** Looks for brute force in a log and marks the sessions. In memory is one record for each log-in, failure and end. */
export async function runBruteForce(analyzer: Analyzer, run: AnalyzerRun, log: AuthLog): Promise<string> {
  const records: AuthRecord[] = []
  for await (const page of run.events.read(log.query))
    for (const event of page) {
      const record = log.read(event)
      if (!record) continue
      const timeS = Math.trunc(Number(event.get('timestamp')) / 1_000_000)
      records.push({ ...record, eventId: event.id, timeS })
    }
  if (records.length === 0) return writeReport(analyzer, run, { priority: 'NOTE', summary: log.nothing })
  const found = findBruteForce(records, log.rule)
  const sessions = new Set(found.flatMap(({ logins }) => logins.map(({ record }) => record.sessionId)))
  const marked = new Set(
    records
      .filter((record) => sessions.has(record.sessionId) && log.isMarked(record))
      .map(({ eventId }) => eventId),
  )
  if (marked.size > 0)
    for await (const page of run.events.read(log.query))
      for (const event of page)
        if (marked.has(event.id)) await run.mark(event, { tags: [log.tag], labels: [STAR] })
  return writeReport(analyzer, run, {
    ...reportBruteForce(found, log.rule),
    tags: marked.size > 0 ? [log.tag] : [],
  })
}
