import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { conflict } from '../../errors/domain-error.ts'

/** What a pull failed by: its sketch, where that was deleted or archived meanwhile and whatever failed then is no news; else the error itself. */
export async function explainFailure(db: Kysely<Schema>, sketchId: number, error: unknown): Promise<unknown> {
  const sketch = await db
    .selectFrom('sketches')
    .select(['name', 'status'])
    .where('id', '=', sketchId)
    .executeTakeFirst()
  if (sketch && sketch.status !== 'deleted' && sketch.status !== 'archived') return error
  const which = sketch ? `The sketch ${sketch.name}` : 'The sketch'
  return sketch?.status === 'archived'
    ? conflict('sketch-archived', `${which} was archived while this was pulled into it; open it again first.`)
    : conflict('sketch-deleted', `${which} was deleted while this was pulled into it.`)
}
