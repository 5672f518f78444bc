import { randomBytes } from 'node:crypto'
import type { MarkOperation, MarkOutcome, Scope } from '@timeskein/store'
import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { writeWithoutSync } from '../../db/sqlite-database.ts'
import { invalid } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import {
  claimRevision,
  FAILED,
  findOperation,
  listIndexesOf,
  logOutcome,
  logPending,
  logPlan,
} from './mark-log.ts'
import {
  COMMENT_LABEL,
  type MarkKind,
  type MarkOptions,
  type MarkResult,
  type MarkTarget,
} from './mark-service.ts'

/** Events that one operation may name by id; a question may mean any number. */
export const MAX_MARK_IDS = 100_000
/** Longest tag, label, attribute name or comment, in UTF-16 units. */
const MAX_MARK_LENGTH = 65_536

/** Characters of a value or question that the audit log keeps. */
const MAX_NOTED_LENGTH = 500

/** One act of marking, not yet carried out. */
export interface MarkAct {
  /** What takes a comment away is `deleteComment`'s, and what changes it `changeComment`'s. */
  readonly kind: Exclude<MarkKind, 'uncomment' | 'recomment'>
  readonly value: string
  /** Of several tags at once: all of them; `value` is then what the history tells. */
  readonly tags?: readonly string[]
  /** Of attributes: which event gets which values; `target` names these events. */
  readonly attributes?: readonly { readonly id: string; readonly name: string; readonly json: unknown }[]
  readonly target: MarkTarget
  readonly options?: MarkOptions
  /** Written in the transaction that notes the act as done (rows that belong to it). */
  readonly alongside?: (db: Kysely<Schema>, operationId: string) => Promise<void>
}

/**
 * Carries out one act: log, then store, then log again, audit and viewers. A crash in between leaves a pending entry, which
 * the next start settles (`reconcileMarks`).
 */
export async function carryOutMark(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  act: MarkAct,
): Promise<MarkResult> {
  requireAct(act)
  await context.access.requireOpenSketch(principal, sketchId, 'write')
  const selection = 'query' in act.target ? act.target.selection : undefined
  const { scope } = await resolveScope(
    context,
    sketchId,
    selection ?? { entries: 'all', includeProcessing: true },
  )
  const id = randomBytes(16).toString('hex')
  const atMs = context.now()
  const { atRevision } = act.options ?? {}
  // On disk together with the plan, which the store waits for.
  await writeWithoutSync(context.db, async (transaction) => {
    if (atRevision !== undefined) await claimRevision(transaction, sketchId, atRevision, atMs)
    await logPending(transaction, {
      id,
      sketchId,
      userId: principal.userId,
      kind: act.kind,
      value: act.value,
      queryText: queryTextOf(act),
      idCount: 'ids' in act.target ? act.target.ids.length : undefined,
      indexNames: scope.map((part) => part.index),
      atMs,
      groupId: act.options?.groupId,
    })
  })
  const { matched, changed, unknownIds } = await apply(context, principal, act, { id, atMs, sketchId, scope })
  await context.audit.record(principal, {
    action: `event.${act.kind}`,
    subject: `operation/${id}`,
    sketchId,
    details: { ...describeAct(act), matched, changed },
  })
  context.metrics.marks.inc({ kind: act.kind }, changed)
  await noteChange(context, sketchId, 'marks', { operationId: id, kind: act.kind })
  return { operationId: id, kind: act.kind, value: act.value, matched, changed, unknownIds }
}

/** What of an act the audit log tells: a comment's text is in the history of marks. */
function describeAct(act: MarkAct): Readonly<Record<string, unknown>> {
  const { kind, value } = act
  const query = queryTextOf(act)
  return {
    ...(kind === 'comment' ? {} : { value: value.slice(0, MAX_NOTED_LENGTH) }),
    ...(query === undefined ? {} : { query: query.slice(0, MAX_NOTED_LENGTH) }),
  }
}

function queryTextOf({ target, options }: MarkAct): string | undefined {
  return 'query' in target ? target.queryText : options?.foundBy
}

/** Marks the events and notes it as done; what fails on the way there is taken back whole. */
async function apply(
  context: ServiceContext,
  principal: Principal,
  act: MarkAct,
  place: { id: string; atMs: number; sketchId: number; scope: Scope },
): Promise<MarkOutcome> {
  const { id, atMs, sketchId, scope } = place
  const parts = inStoreWords(act)
  /** What each part said last: asked again, of what is left when a timeline was dropped, it says another. */
  const planned: MarkPlan[] = []
  try {
    const outcomes = await context.store.markAll(
      parts.map((part, at) => ({
        id,
        ...part,
        sketchId,
        userId: principal.userId,
        atUs: BigInt(atMs) * 1000n,
        target: 'ids' in act.target ? { ids: act.target.ids } : { query: act.target.query },
        scope,
        async beforeWrite(indexes, { matched, changed }) {
          planned[at] = { indexes, matched, changed }
          if (at < parts.length - 1) return
          const { indexes: all, ...counts } = uniteParts(planned)
          await writeWithoutSync(context.db, (transaction) => logPlan(transaction, id, all, counts))
          await context.syncDatabase()
        },
        ...(act.options?.signal === undefined ? {} : { signal: act.options.signal }),
      })),
    )
    const { matched, changed } = uniteParts(planned)
    // On disk together with the audit log; without it the next start settles by the plan what became of the operation.
    await writeWithoutSync(context.db, async (transaction) => {
      await logOutcome(transaction, id, { state: 'done', matched, changed })
      await act.alongside?.(transaction, id)
    })
    return { matched, changed, unknownIds: outcomes[0]!.unknownIds }
  } catch (error) {
    await takeBack(context, id)
    throw error
  }
}

/** What one part of an act is going to write. */
interface MarkPlan extends Pick<MarkOutcome, 'matched' | 'changed'> {
  readonly indexes: readonly string[]
}

/** What the parts of an act, all of them on the same events, write together. */
function uniteParts(parts: readonly MarkPlan[]): MarkPlan {
  const matched = Math.max(...parts.map((part) => part.matched))
  const changed = parts.reduce((sum, part) => sum + part.changed, 0)
  return {
    indexes: [...new Set(parts.flatMap(({ indexes }) => indexes))],
    matched,
    changed: Math.min(matched, changed),
  }
}

/** The store knows labels, not comments; one tag at a time; and attributes many at once. */
function inStoreWords({
  kind,
  value,
  tags = [value],
  attributes = [],
}: MarkAct): readonly Pick<MarkOperation, 'kind' | 'value' | 'attributes'>[] {
  switch (kind) {
    case 'comment':
      return [{ kind: 'label', value: COMMENT_LABEL }]
    case 'attribute':
      return [{ kind: 'attributes', value, attributes }]
    case 'tag':
    case 'untag':
      return tags.map((tag) => ({ kind, value: tag }))
    default:
      return [{ kind, value }]
  }
}

/** Takes back what some indexes may hold of an operation; where that fails too, it stays pending for the next start. */
async function takeBack(context: ServiceContext, id: string): Promise<void> {
  try {
    const row = await findOperation(context.db, id)
    await context.store.setMarkActive(id, false, row && listIndexesOf(row))
    await logOutcome(context.db, id, FAILED)
  } catch (error) {
    context.log.error({ err: error, operationId: id }, 'a failed mark could not be taken back')
  }
}

/** @throws {DomainError} `invalid` (`too-many-events`) for more ids than `MAX_MARK_IDS`. */
export function requireFewIds(ids: readonly string[]): void {
  if (ids.length <= MAX_MARK_IDS) return
  throw invalid(
    'too-many-events',
    `At most ${MAX_MARK_IDS} events can be named by id, ${ids.length} were; use a query for more.`,
    { limit: MAX_MARK_IDS, found: ids.length },
  )
}

function requireAct(act: MarkAct): void {
  const what = act.kind === 'untag' ? 'tag' : act.kind === 'unlabel' ? 'label' : act.kind
  for (const text of act.tags ?? [act.value]) requireMarkText(what, text)
  for (const { name } of act.attributes ?? []) requireMarkText('attribute', name)
  if ('ids' in act.target) requireFewIds(act.target.ids)
}

/** @throws {DomainError} `invalid` (`bad-mark`) for a tag, label, attribute's name or comment that is empty or too long. */
export function requireMarkText(what: string, text: string): void {
  if (text !== '' && text.length <= MAX_MARK_LENGTH) return
  throw invalid('bad-mark', `A ${what} has 1 to ${MAX_MARK_LENGTH} characters; this one has ${text.length}.`)
}
