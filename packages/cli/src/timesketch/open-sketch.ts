import type { Sketch, SketchSummary } from '@timeskein/sdk'
import { findSketch } from '../backend/timesketch/find-sketch.ts'
import type { CommandCall } from '../command.ts'
import type { Effects } from '../effects.ts'
import { openTimesketch, type TimesketchAccess } from './open-timesketch.ts'

/** A sketch by Timesketch's API, and the client it was found by. */
export interface SketchAccess extends TimesketchAccess {
  readonly sketch: Sketch
  readonly summary: SketchSummary
}

/** The sketch that is meant, at the place that the options name. */
export async function openSketch(
  call: CommandCall,
  effects: Effects,
  nameOrId: string,
): Promise<SketchAccess> {
  const access = await openTimesketch(call, effects, { mustExist: true })
  try {
    const summary = await findSketch(access.timesketch, nameOrId, access.options)
    return { ...access, summary, sketch: access.timesketch.sketch(summary.id) }
  } catch (error) {
    await access[Symbol.asyncDispose]()
    throw error
  }
}
