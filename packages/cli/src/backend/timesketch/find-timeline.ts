import type { Sketch, Timeline } from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'

/** A timeline of a sketch by its name, else by its id. @throws {CliError} When there is none. */
export async function findTimeline(
  sketch: Sketch,
  nameOrId: string,
  { signal }: Pick<Effects, 'signal'>,
): Promise<Timeline> {
  const timelines = await sketch.timelines.list({ signal })
  const found =
    timelines.find(({ name }) => name === nameOrId) ?? timelines.find(({ id }) => String(id) === nameOrId)
  if (found) return found
  throw new CliError(
    `there is no timeline "${nameOrId}" in the sketch; it has ${timelines.map(({ name }) => name).join(', ') || 'none'}`,
    EXIT.notFound,
  )
}
