import { openSystem } from '@timeskein/server'
import { hashRows, makeEvidence } from './evidence.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'

/** What one look at the data directory found. */
export interface Verdict {
  readonly problems: readonly string[]
  /** What opening it recovered. */
  readonly notes: readonly string[]
  /** Operations cut off that were found whole, and not at all. */
  readonly whole: number
  readonly absent: number
  /** Imports that had been accepted and that this look carried out. */
  readonly resumed: number
}

/**
 * Opens the data directory after a kill, has what was accepted carried out, and holds it against the ledger: what was acknowledged is
 * there to the byte, and once; what was cut off is there whole or not at all; and the store finds nothing wrong with itself.
 *
 * @param checkAll - Compare the rows' hashes of every run, not only of those that are new.
 */
export async function verify(dataDirectory: string, ledger: Ledger, checkAll: boolean): Promise<Verdict> {
  const problems: string[] = []
  const counts = { whole: 0, absent: 0, resumed: 0 }
  const system = await openSystem({ dataDirectory, looksAtUnseenEvents: true })
  try {
    const { services } = system
    const admin = await services.auth.localPrincipal('admin')
    for (const { id } of await services.imports.listOpen(admin)) {
      const { status, error } = await services.imports.waitForEnd(id)
      if (status !== 'done') problems.push(`accepted import ${id} ended as ${status}: ${error}`)
      else counts.resumed += 1
    }
    const [sketch] = (await services.sketches.list(admin, { scope: 'all', perPage: 1 })).sketches
    if (!sketch) {
      for (const entry of ledger.entries)
        if (entry.state === 'acknowledged')
          problems.push(`${entry.what} ${entry.run}: the sketch it was in is gone`)
      return { problems, notes: [], ...counts }
    }
    const hasTimeline = (await services.timelines.listActive(sketch.id)).length > 0
    const count = async (field: string, value: string): Promise<number> =>
      hasTimeline
        ? await services.explore.count(admin, { sketchId: sketch.id, query: { kind: 'term', field, value } })
        : 0
    const readRows = async (run: string): Promise<string[]> => {
      const rows: string[] = []
      const pages = services.explore.scan(admin, {
        sketchId: sketch.id,
        query: { kind: 'term', field: 'run.keyword', value: run },
      })
      for await (const page of pages) rows.push(...page.map((event) => event.event.source))
      return rows
    }
    for (const entry of ledger.entries) {
      const wasOpen = entry.state === 'begun'
      const found =
        entry.what === 'import'
          ? await count('run.keyword', entry.run)
          : await count('tag.keyword', `tag${entry.run}`)
      settle(entry, found, problems, counts)
      if (
        entry.what === 'import' &&
        entry.state === 'acknowledged' &&
        (wasOpen || checkAll) &&
        problems.length === 0
      ) {
        const hash = hashRows(await readRows(entry.run))
        if (hash !== makeEvidence(entry.run, entry.rows).hash)
          problems.push(`import ${entry.run}: rows came back changed`)
      }
    }
    for (const finding of await services.store.check())
      if (finding.severity === 'error') problems.push(`store: ${finding.subject}: ${finding.message}`)
    return { problems, notes: system.recovery.map((note) => `${note.code}: ${note.message}`), ...counts }
  } finally {
    await system.close()
  }
}

function settle(
  entry: LedgerEntry,
  found: number,
  problems: string[],
  counts: { whole: number; absent: number },
): void {
  const expected = entry.state === 'absent' ? 0 : entry.rows
  if (entry.state !== 'begun') {
    if (found !== expected)
      problems.push(
        `${entry.what} ${entry.run} (${entry.state}): expected ${expected} events, found ${found}`,
      )
    return
  }
  if (found === entry.rows) {
    entry.state = 'acknowledged'
    counts.whole += 1
  } else if (found === 0) {
    entry.state = 'absent'
    counts.absent += 1
  } else
    problems.push(
      `${entry.what} ${entry.run} was cut off and is there by half: ${found} of ${entry.rows} events`,
    )
}
