import type { Backend, SketchRow } from '../../backend/backend.ts'
import { EXIT } from '../../exit-codes.ts'
import { toCliError } from '../../failures.ts'

/** The sketch of a name or id; one of a name that does not exist is made. */
export async function findOrCreateSketch(
  backend: Backend,
  nameOrId: string,
): Promise<{ sketch: SketchRow; isNew: boolean }> {
  try {
    return { sketch: await backend.findSketch(nameOrId), isNew: false }
  } catch (error) {
    const isMissing = toCliError(error)?.exitCode === EXIT.notFound
    if (!isMissing || /^\d+$/.test(nameOrId)) throw error
    return { sketch: await backend.createSketch(nameOrId.replace(/^name:/, '')), isNew: true }
  }
}
