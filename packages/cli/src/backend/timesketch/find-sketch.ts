import { isApiError, type SketchSummary, type Timesketch } from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'

/** What stands before a name that would be taken for an id: `name:3`. */
const NAME_PREFIX = 'name:'

/**
 * The sketch that is meant, as everywhere: digits mean an id where there is a sketch of it, anything else a name.
 *
 * @throws {CliError} When there is none, or several have the name.
 */
export async function findSketch(
  timesketch: Timesketch,
  nameOrId: string,
  { signal }: Pick<Effects, 'signal'>,
): Promise<SketchSummary> {
  if (/^\d{1,15}$/.test(nameOrId)) {
    const sketch = await readSketch(timesketch, Number(nameOrId), signal)
    if (sketch) return sketch
  }
  const name = nameOrId.startsWith(NAME_PREFIX) ? nameOrId.slice(NAME_PREFIX.length) : nameOrId
  const found = await Array.fromAsync(timesketch.sketches.named(name, { signal }))
  const [first] = found
  if (!first) throw new CliError(`there is no sketch "${nameOrId}"`, EXIT.notFound)
  if (found.length === 1) return first
  const ids = found.map(({ id }) => id).sort((a, b) => a - b)
  throw new CliError(
    `One sketch was expected of the name "${name}", found several: ${ids.join(', ')}. Say which by its id.`,
    EXIT.badInput,
  )
}

async function readSketch(
  timesketch: Timesketch,
  id: number,
  signal: AbortSignal,
): Promise<SketchSummary | undefined> {
  try {
    return await timesketch.sketch(id).get({ signal })
  } catch (error) {
    if (isApiError(error) && error.status === 404) return undefined
    throw error
  }
}
