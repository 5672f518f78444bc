import { setTimeout as wait } from 'node:timers/promises'
import type { Backend, SketchRow } from '../../backend/backend.ts'
import { EXIT } from '../../exit-codes.ts'
import { toCliError } from '../../failures.ts'
import { countWords } from '../../output/count-words.ts'

/** How often it is tried, and how long it waits in between: a server takes what was made for the import away at the same time. */
const ATTEMPTS = 6
const PAUSE_MS = 500

/**
 * An import that was cut off leaves no empty sketch of its own behind. Its timelines go by themselves: others may import into the sketch
 * too, and theirs are not to be told apart from here.
 *
 * @param isNew - Whether the sketch was made for this import.
 * @param known - Timelines that were there before it.
 * @returns What is left of it, or may be, as a sentence; undefined: nothing is.
 */
export async function removeEmpty(
  backend: Pick<Backend, 'listTimelines' | 'deleteSketch'>,
  sketch: Pick<SketchRow, 'id' | 'name'>,
  isNew: boolean,
  known: ReadonlySet<number>,
): Promise<string | undefined> {
  let reason = ''
  let isKnownEmpty = false
  let isDeletionAsked = false
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await wait(PAUSE_MS)
    try {
      const others = (await backend.listTimelines(sketch.id)).filter(({ id }) => !known.has(id))
      const stored = others.filter(({ events }) => events > 0)
      if (stored.length > 0) return describeStored(stored, sketch.name)
      if (!isNew) return undefined
      isKnownEmpty = true
      if (others.length === 0) {
        isDeletionAsked = true
        await backend.deleteSketch(sketch.id)
        return undefined
      }
      reason = `there is still ${countWords(others.length, 'timeline')} in it`
    } catch (error) {
      // The answer to an attempt before this one was lost, not what it did.
      if (isDeletionAsked && toCliError(error)?.exitCode === EXIT.notFound) return undefined
      reason = error instanceof Error ? error.message : String(error)
    }
  }
  if (isKnownEmpty)
    return `nothing was stored; the empty sketch ${sketch.name} could not be taken away again (${reason}): skein sketch delete ${sketch.id}`
  return `whether anything was stored is not known (${reason}); see: skein timeline list --sketch ${sketch.id}`
}

function describeStored(
  timelines: readonly { readonly name: string; readonly events: number }[],
  sketch: string,
): string {
  const parts = timelines.map(({ name, events }) => `${countWords(events, 'event')} in the timeline ${name}`)
  return `the sketch ${sketch} keeps what was stored: ${parts.join(', ')}`
}
