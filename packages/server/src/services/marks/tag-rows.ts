import { randomBytes } from 'node:crypto'
import type { Scope } from '@timeskein/store'
import type { Principal } from '../../auth/principal.ts'
import { noteChange } from '../changes/note-change.ts'
import type { ServiceContext } from '../service-context.ts'
import { FAILED, logOutcome, logPending } from './mark-log.ts'

/** Tags for rows, all in one operation. */
export interface RowTags {
  readonly scope: Scope
  /** Tag -> index -> its rows, ascending. */
  readonly tags: ReadonlyMap<string, ReadonlyMap<string, Uint32Array>>
  /** What the history calls them. */
  readonly told: string
  /** What found the rows, for the history. */
  readonly foundBy: string
  /** Different events. */
  readonly matched: number
  readonly signal?: AbortSignal
}

/**
 * Tags any number of rows with any number of tags as one operation, which is undone as one. Who may do so is for the caller to
 * check. Where all of it is so already there is no operation.
 */
export async function tagRows(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  { scope, tags, told, foundBy, matched, signal }: RowTags,
): Promise<{ readonly operationId: string } | undefined> {
  const { db, store, audit } = context
  const indexNames = [...new Set([...tags.values()].flatMap((byIndex) => [...byIndex.keys()]))]
  if (indexNames.length === 0) return undefined
  const id = randomBytes(16).toString('hex')
  const atMs = context.now()
  const { userId } = principal
  await logPending(db, {
    id,
    sketchId,
    userId,
    kind: 'tag',
    value: told,
    queryText: foundBy,
    idCount: undefined,
    indexNames,
    atMs,
  })
  let changed: number
  try {
    const outcomes = await store.markAll(
      [...tags].map(([value, rows]) => ({
        id,
        kind: 'tag',
        value,
        sketchId,
        userId,
        atUs: BigInt(atMs) * 1000n,
        target: { rows },
        scope,
        isDroppedIfIdle: true,
        ...(signal === undefined ? {} : { signal }),
      })),
    )
    changed = Math.min(
      matched,
      outcomes.reduce((sum, outcome) => sum + outcome.changed, 0),
    )
  } catch (error) {
    await store.setMarkActive(id, false, indexNames)
    await logOutcome(db, id, FAILED)
    throw error
  }
  if (changed === 0) {
    await db.deleteFrom('mark_operations').where('id', '=', id).execute()
    return undefined
  }
  await logOutcome(db, id, { state: 'done', matched, changed })
  await audit.record(principal, {
    action: 'event.tag',
    subject: `operation/${id}`,
    sketchId,
    details: { value: told, query: foundBy, matched, changed },
  })
  context.metrics.marks.inc({ kind: 'tag' }, changed)
  await noteChange(context, sketchId, 'marks', { operationId: id, kind: 'tag' })
  return { operationId: id }
}
