import { conflict } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'

/**
 * What a pull failed by: its sketch, where that was deleted or archived meanwhile and what failed then is for the log; else the error
 * itself, also where the sketch cannot be looked at.
 */
export async function explainFailure(
  { db, log }: Pick<ServiceContext, 'db' | 'log'>,
  sketchId: number,
  error: unknown,
): Promise<unknown> {
  let sketch: { readonly name: string; readonly status: string } | undefined
  try {
    sketch = await db
      .selectFrom('sketches')
      .select(['name', 'status'])
      .where('id', '=', sketchId)
      .executeTakeFirst()
  } catch (unread) {
    log.error({ err: unread, sketchId }, 'it could not be seen whether the sketch of a failed pull is open')
    return error
  }
  if (sketch && sketch.status !== 'deleted' && sketch.status !== 'archived') return error
  log.warn({ err: error, sketchId }, 'a pull into a sketch that is not open any more failed')
  const which = sketch ? `The sketch ${sketch.name}` : 'The sketch'
  return sketch?.status === 'archived'
    ? conflict('sketch-archived', `${which} was archived while this was pulled into it; open it again first.`)
    : conflict('sketch-deleted', `${which} was deleted while this was pulled into it.`)
}
