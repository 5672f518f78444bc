import type { StretchPool } from './threads/stretch-pool.ts'
import type { FileOrigin, TimelinePlace } from './timeline-chooser.ts'

/** Where an import goes. */
export interface ImportPlace {
  /** Says to which timeline a file goes. */
  readonly chooseTimeline: (origin: FileOrigin) => Promise<TimelinePlace>
  readonly dataSourceId: number
  readonly rejectsDirectory: string
  /** For what has to be read from its end, until it has been read. */
  readonly uploadsDirectory: string
  /** Threads that read. */
  readonly pool: StretchPool
}
