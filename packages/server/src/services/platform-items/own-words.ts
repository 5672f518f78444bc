import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { Permission } from '../access/access-service.ts'
import { listedIds } from '../listed-ids.ts'

/** Whose word on a device it is: that of the sketch in question, of another one, or of none that is there. */
type Speaker = 'own' | 'other' | 'none'

/**
 * Says of which sketches the word on devices may be replaced by that of one: its own, and of sketches that everybody may write to who may
 * write to it, and that nobody reads who may not read it. So nobody changes by a file what they may not change where it came from, and
 * nobody sees what they may not see. What is the word of no sketch, or of one that was deleted, is seen by nobody, and stands in no one's way.
 */
export class OwnWords {
  readonly #sketchId: number
  readonly #speakers: Map<number | null, Speaker>

  constructor(sketchId: number) {
    this.#sketchId = sketchId
    this.#speakers = new Map([
      [sketchId, 'own'],
      [null, 'none'],
    ])
  }

  /** To be called before anything is asked of these. */
  async learn(db: Kysely<Schema>, sketchIds: Iterable<number | null>): Promise<void> {
    const fresh = [...new Set(sketchIds)].filter((id) => id !== null && !this.#speakers.has(id))
    if (fresh.length === 0) return
    const own = sql<number>`${this.#sketchId}`
    const other = sql.ref<number>('sketches.id')
    const found = await db
      .selectFrom('sketches')
      .select(({ and }) => [
        'id',
        and([isCovered('write', own, other), isCovered('read', other, own)]).as('isOwn'),
      ])
      .where('id', 'in', listedIds(fresh.flatMap((id) => id ?? [])))
      .where('status', '!=', 'deleted')
      .execute()
    for (const id of fresh) this.#speakers.set(id, 'none')
    for (const { id, isOwn } of found) this.#speakers.set(id, isOwn ? 'own' : 'other')
  }

  has(sketchId: number | null): boolean {
    return this.#speakers.get(sketchId) === 'own'
  }

  /** Whether it is of another sketch, in whose place that of this one does not count. */
  areOfOthers(sketchId: number | null): boolean {
    return !this.has(sketchId) && !this.areOfNone(sketchId)
  }

  /** Whether it is of none: it becomes that of whoever tells of the device next, who is to see nothing of what it was. */
  areOfNone(sketchId: number | null): boolean {
    return this.#speakers.get(sketchId) === 'none'
  }
}

/** Whoever may do something in a sketch may do it in another one. */
function isCovered(
  permission: Permission,
  sketchId: RawBuilder<number>,
  otherId: RawBuilder<number>,
): RawBuilder<boolean> {
  return sql<boolean>`not exists (
    select 1 from grants as own
    where own.kind = 'sketch' and own.permission = ${permission} and own.object_id = ${sketchId}
    and not exists (
      select 1 from grants as other
      where other.kind = 'sketch' and other.permission = own.permission and other.object_id = ${otherId}
      and (
        (other.user_id is null and other.group_id is null)
        or other.user_id = own.user_id
        or other.group_id = own.group_id
        or other.group_id in (select group_id from group_members where user_id = own.user_id)
      )
    )
  )`
}
