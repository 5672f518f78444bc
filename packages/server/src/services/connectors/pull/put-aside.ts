import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../db/schema.ts'
import { chunk } from '../../chunk.ts'

/** Rows in one statement at most. */
const ROWS_AT_ONCE = 100

/** An item that is not stored as the others are: it is kept whole, and the pull goes on without it. */
export interface AsideItem {
  /** Name of the sort. */
  readonly kind: string
  /** Undefined where it has none. */
  readonly id?: string
  /** As the platform gave it. */
  readonly json: string
  /** A sentence. */
  readonly reason: string
}

/** Keeps items that were put aside; one that is there already is kept once. */
export async function noteAside(
  db: Kysely<Schema>,
  connectorUid: string,
  items: readonly AsideItem[],
  atMs: number,
): Promise<void> {
  for (const some of chunk(items, ROWS_AT_ONCE))
    await db
      .insertInto('connector_rejects')
      .values(
        some.map(({ kind, id, json, reason }) => ({
          connector_uid: connectorUid,
          kind,
          hash: createHash('sha256').update(json).digest('base64url').slice(0, 22),
          item_id: id ?? null,
          reason,
          item_json: json,
          at_ms: atMs,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['connector_uid', 'kind', 'hash']).doUpdateSet(({ ref }) => ({
          reason: ref('excluded.reason'),
          at_ms: ref('excluded.at_ms'),
        })),
      )
      .execute()
}

/** Forgets what was put aside of items that are stored now. */
export async function dropAside(
  db: Kysely<Schema>,
  connectorUid: string,
  kind: string,
  ids: readonly string[],
): Promise<void> {
  for (const some of chunk(ids))
    await db
      .deleteFrom('connector_rejects')
      .where('connector_uid', '=', connectorUid)
      .where('kind', '=', kind)
      .where('item_id', 'in', some)
      .execute()
}
