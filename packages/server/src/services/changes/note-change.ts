import { writeWithoutSync } from '../../db/sqlite-database.ts'
import type { ServiceContext } from '../service-context.ts'
import { advanceSketch } from '../sketches/load-sketches.ts'
import type { Change } from './change-feed.ts'

/** Lets a sketch's revision grow and tells who is watching. Returns the revision. */
export async function noteChange(
  context: ServiceContext,
  sketchId: number,
  kind: Change['kind'],
  details: Change['details'] = {},
): Promise<number> {
  const revision =
    (await writeWithoutSync(
      context.db,
      async (transaction) => await advanceSketch(transaction, sketchId, context.now()),
    )) ?? 0
  context.changes.publish({ sketchId, revision, kind, details })
  return revision
}
