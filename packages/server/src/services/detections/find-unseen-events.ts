import type { Kysely } from 'kysely'
import { makePrincipal } from '../../auth/make-principal.ts'
import { ALL_SCOPES, type Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import { findSketchDetection, noteAllSeen, WHOLE_SKETCH } from './sketch-detection.ts'

/** A sketch with events that nobody looked at, and in whose name they are to be. */
export interface UnseenEvents {
  readonly sketchId: number
  readonly principal: Principal
}

/** Sketches that are watched and hold more than was looked at: the process ended between an import and the look at it. */
export async function* findUnseenEvents(
  context: Pick<ServiceContext, 'db' | 'cache' | 'store'>,
  signal: AbortSignal,
): AsyncGenerator<UnseenEvents> {
  const { db, store } = context
  // Asked at once for all: there may be thousands of sketches.
  const sketches = await db
    .selectFrom('sketches')
    .leftJoin('sketch_detection', 'sketch_detection.sketch_id', 'sketches.id')
    .select('sketches.id')
    .where('sketches.status', 'not in', ['archived', 'deleted'])
    .where((where) => where(where.fn.coalesce('sketch_detection.is_live', where.lit(1)), '=', 1))
    .where((where) => where(where.fn.coalesce('sketch_detection.may_have_unseen', where.lit(1)), '=', 1))
    .where((where) =>
      where.exists(
        where
          .selectFrom('timelines')
          .select('timelines.id')
          .whereRef('timelines.sketch_id', '=', 'sketches.id'),
      ),
    )
    .execute()
  for (const { id } of sketches) {
    signal.throwIfAborted()
    const { position } = await findSketchDetection(db, id)
    const { scope } = await resolveScope(context, id, WHOLE_SKETCH)
    if (scope.length === 0) continue
    using reading = await store.readValues(scope, signal)
    if (reading.indexes.every(({ index, nextSeq }) => nextSeq <= (position[index] ?? 0))) {
      await noteAllSeen(db, id)
      continue
    }
    const principal = await findImporter(db, id)
    if (principal) yield { sketchId: id, principal }
  }
}

/** Who brought events into a sketch last, of those whose accounts are still active. */
async function findImporter(db: Kysely<Schema>, sketchId: number): Promise<Principal | undefined> {
  const user = await db
    .selectFrom('imports')
    .innerJoin('users', 'users.id', 'imports.user_id')
    .select(['users.id', 'users.username'])
    .where('imports.sketch_id', '=', sketchId)
    .where('users.is_active', '=', 1)
    .orderBy('imports.ordinal', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (
    user && makePrincipal({ ...user, is_admin: 0 }, { via: 'local', scopes: ALL_SCOPES, address: 'local' })
  )
}
