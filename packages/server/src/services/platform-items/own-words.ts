import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { Permission } from '../access/access-service.ts'
import { listedIds } from '../listed-ids.ts'

/**
 * Says of which sketches the word on devices may be replaced by that of one: its own, that of none, and of sketches that everybody may
 * write to who may write to it, and that nobody reads who may not read it. So nobody changes by a file what they may not change where
 * it came from, and nobody sees what they may not see.
 */
export class OwnWords {
  readonly #sketchId: number
  readonly #known: Map<number | null, boolean>

  constructor(sketchId: number) {
    this.#sketchId = sketchId
    this.#known = new Map([
      [sketchId, true],
      [null, true],
    ])
  }

  /** To be called before `has` is asked of these. */
  async learn(db: Kysely<Schema>, sketchIds: Iterable<number | null>): Promise<void> {
    const fresh = [...new Set(sketchIds)].filter((id) => id !== null && !this.#known.has(id))
    if (fresh.length === 0) return
    const own = sql<number>`${this.#sketchId}`
    const other = sql.ref<number>('sketches.id')
    const found = await db
      .selectFrom('sketches')
      .select('id')
      .where('id', 'in', listedIds(fresh.flatMap((id) => id ?? [])))
      .where(isCovered('write', own, other))
      .where(isCovered('read', other, own))
      .execute()
    const covered = new Set<number | null>(found.map(({ id }) => id))
    for (const id of fresh) this.#known.set(id, covered.has(id))
  }

  has(sketchId: number | null): boolean {
    return this.#known.get(sketchId) ?? false
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
