import { isApiError } from '../../packages/sdk/src/index.ts'
import type { Place } from './place.ts'

/** One thing that must hold against every server that speaks Timesketch's API. */
export interface Check {
  readonly name: string
  readonly run: (place: Place) => Promise<void>
}

/** Thrown where a server lacks what a check is about. */
export class Skip extends Error {
  override readonly name = 'Skip'
}

/** Work that needs a resource; a server that does not have it is not to be blamed. */
export async function needResource<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isApiError(error) && (error.code === 'not-supported' || error.code === 'not-found'))
      throw new Skip(`this server has no ${what}`)
    throw error
  }
}
