import type { VisitSource } from '@timeskein/store'

/** Work on blocks of sources, in whichever thread. */
export interface BlockWork<Found> {
  readonly visit: VisitSource
  /** What was found since the last call, in plain data. */
  takeFound(): Found
}
