import type { StretchPool } from './stretch-pool.ts'

/** Where an import goes. */
export interface ImportPlace {
  readonly indexName: string
  readonly dataSourceId: number
  readonly rejectsDirectory: string
  /** For what has to be read from its end, until it has been read. */
  readonly uploadsDirectory: string
  /** Threads that read. */
  readonly pool: StretchPool
}
