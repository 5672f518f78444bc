import type { Sketch, Timeline } from '@timeskein/sdk'
import type { Effects } from '../../effects.ts'
import { pick } from '../../timesketch/pick.ts'

/** A timeline of a sketch by its name, else by its id. @throws {CliError} When there is none. */
export async function findTimeline(
  sketch: Sketch,
  nameOrId: string,
  { signal }: Pick<Effects, 'signal'>,
): Promise<Timeline> {
  return pick(await sketch.timelines.list({ signal }), nameOrId, 'timeline', ({ name }) => name)
}
