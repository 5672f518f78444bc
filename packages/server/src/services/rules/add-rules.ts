import type { SigmaPlace, SigmaProblem, SigmaSource } from '@timeskein/query/sigma'
import type { ServiceContext } from '../service-context.ts'
import { SharedTime } from '../shared-time.ts'
import type { ReadRule } from './read-rules.ts'
import type { RuleAdditions } from './rule-service.ts'
import { type StoreOptions, storeRules } from './store-rules.ts'

/** Rules stored in one transaction. */
const RULES_AT_ONCE = 500

/** What was added, and the ids of rules that are new or changed. */
export interface AddedRules extends RuleAdditions {
  readonly changedUuids: readonly string[]
}

/** Reads files of rules and stores what they hold, some hundred at a time; nothing of the rest waits for all of it. */
export async function addRules(
  context: Pick<ServiceContext, 'db'>,
  sources: AsyncIterable<SigmaSource> | Iterable<SigmaSource>,
  options: StoreOptions,
  signal?: AbortSignal,
): Promise<AddedRules> {
  const seen = new Map<string, { readonly title: string; readonly place: SigmaPlace }>()
  const failed: SigmaProblem[] = []
  const unsupported: SigmaProblem[] = []
  const changedUuids: string[] = []
  const counts = {
    files: 0,
    rules: 0,
    pipelines: 0,
    added: 0,
    updated: 0,
    restored: 0,
    unchanged: 0,
    disabled: 0,
  }
  let waiting: ReadRule[] = []
  const store = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    const outcome = await context.db
      .transaction()
      .execute((transaction) => storeRules(transaction, batch, options))
    counts.added += outcome.added.length
    counts.updated += outcome.updated.length
    counts.restored += outcome.restored.length
    counts.unchanged += outcome.unchanged
    counts.disabled += outcome.disabled
    failed.push(...outcome.failed)
    changedUuids.push(...outcome.added, ...outcome.updated, ...outcome.restored)
  }

  // The compiler is loaded with the first rule that is read: a server starts sooner without it.
  const { readRules } = await import('./read-rules.ts')
  const time = new SharedTime()
  for await (const source of sources) {
    signal?.throwIfAborted()
    counts.files++
    const read = readRules(source)
    counts.rules += read.count + read.failed.length
    if (read.isPipeline) counts.pipelines++
    failed.push(...read.failed)
    for (const rule of read.rules) {
      await time.share(signal)
      const { meta, place } = rule.document
      const first = seen.get(rule.uuid)
      if (first) {
        failed.push(describeRepeated(rule, first))
        continue
      }
      seen.set(rule.uuid, { title: meta.title, place })
      if (rule.problem) unsupported.push(rule.problem)
      waiting.push(rule)
    }
    if (waiting.length >= RULES_AT_ONCE) await store()
    await time.share(signal)
  }
  await store()
  return { ...counts, failed, unsupported, changedUuids }
}

function describeRepeated(
  { document: { kind, meta, place } }: ReadRule,
  first: { readonly title: string; readonly place: SigmaPlace },
): SigmaProblem {
  const where = `${first.place.file}, line ${first.place.line}`
  const [expected, found] =
    kind === 'pipeline'
      ? ['name: one of its own', `that of the pipeline at ${where}`]
      : meta.id === undefined
        ? ['an id, or a title of its own', `those of the rule at ${where}`]
        : ['id: one of its own', `that of ${JSON.stringify(first.title)} (${where})`]
  const reason = `${expected} expected, found ${found}; the first is kept`
  return { code: 'bad-reference', ...place, rule: meta.title, reason }
}
