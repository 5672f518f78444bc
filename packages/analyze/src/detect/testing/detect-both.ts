import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDbStore } from '@timeskein/store'
import { makeBatch } from '@timeskein/store/testing'
import type { DetectReport } from '../contract/detect-report.ts'
import type { Hits } from '../contract/hits.ts'
import type { RuleSet } from '../contract/rule-set.ts'
import { openLiveMatcher } from '../live/live-matcher.ts'
import { detect } from '../stored/detect.ts'

const INDEX = 'a'.repeat(32)
const TARGET = { index: INDEX, timelineId: 1, profile: { aliases: {}, constants: {} } }

/** What rules found in events that are stored, and as they were appended: rows by the title of the rule or correlation. */
export interface BothFound {
  readonly stored: Readonly<Record<string, readonly number[]>>
  readonly live: Readonly<Record<string, readonly number[]>>
  /** Of the stored ones. */
  readonly report: DetectReport
}

/** Holds rules against events both ways. @param batches - Each is appended by itself. */
export async function detectBoth(
  batches: readonly (readonly object[])[],
  rules: RuleSet,
): Promise<BothFound> {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-detect-'))
  try {
    await using store = await openDuckDbStore({ directory })
    await store.createIndex(INDEX)
    await using transaction = await store.beginImport({
      ...TARGET,
      importId: 'b'.repeat(32),
      skipKnownRows: false,
    })
    const matcher = openLiveMatcher(rules)
    const live: Hits[] = []
    let firstSeq = 0
    for (const events of batches) {
      const batch = makeBatch(events)
      await transaction.append(batch)
      live.push(...matcher.match(batch, { ...TARGET, firstSeq }))
      firstSeq += events.length
    }
    await transaction.commit()
    const hits: Hits[] = []
    const report = await detect(store, { scope: [{ index: INDEX }], rules }, (hit) => {
      hits.push(hit)
    })
    return { stored: listRows(hits), live: listRows(live), report }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function listRows(hits: readonly Hits[]): Readonly<Record<string, readonly number[]>> {
  const rows = new Map<string, Set<number>>()
  for (const hit of hits) {
    const own = rows.get(hit.rule.title) ?? new Set()
    rows.set(hit.rule.title, own)
    const found = hit.kind === 'rule' ? hit.seqs : hit.events.map(({ seq }) => seq)
    for (const seq of found) own.add(seq)
  }
  return Object.fromEntries([...rows].map(([title, own]) => [title, [...own].sort((a, b) => a - b)]))
}
