import { setTimeout as wait } from 'node:timers/promises'
import type { Backend, SketchRow } from '../../backend/backend.ts'
import { countWords } from '../../output/count-words.ts'

/** How often it is tried, and how long it waits in between: a server takes its own part away at the same time. */
const ATTEMPTS = 3
const PAUSE_MS = 500

/**
 * An import that was cut off leaves no empty timeline and no empty sketch of its own behind.
 *
 * @param isNew - Whether the sketch was made for this import.
 * @param known - Timelines that were there before it.
 * @returns What is left of it, or may be, as a sentence; undefined: nothing is.
 */
export async function removeEmpty(
  backend: Pick<Backend, 'listTimelines' | 'deleteTimeline' | 'deleteSketch'>,
  sketch: Pick<SketchRow, 'id' | 'name'>,
  isNew: boolean,
  known: ReadonlySet<number>,
): Promise<string | undefined> {
  let failure: unknown
  let isKnownEmpty = false
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await wait(PAUSE_MS)
    isKnownEmpty = false
    try {
      const made = (await backend.listTimelines(sketch.id)).filter(({ id }) => !known.has(id))
      for (const { id, events } of made) if (events === 0) await backend.deleteTimeline(sketch.id, id)
      const stored = made.filter(({ events }) => events > 0)
      if (stored.length > 0) return describeStored(stored, sketch.name)
      isKnownEmpty = true
      if (isNew) await backend.deleteSketch(sketch.id)
      return undefined
    } catch (error) {
      failure = error
    }
  }
  const reason = failure instanceof Error ? failure.message : String(failure)
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
