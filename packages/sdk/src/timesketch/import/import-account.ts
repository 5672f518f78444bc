/** What became of the rows of an import: `read` = `resumed` + `sent` + `rejected`. */
export interface ImportAccount {
  readonly timeline: string
  readonly timelineId: number | undefined
  /** The timeline's index, by its name in the datastore. */
  readonly indexName: string | undefined
  readonly read: number
  /** Rows that an import before this one had settled. */
  readonly resumed: number
  readonly sent: number
  readonly rejected: number
  /** The first of them, with their reasons. */
  readonly rejects: readonly Reject[]
  /** Characters that are lost, since their bytes are none of the text's encoding: U+FFFD stands for each. */
  readonly undecoded: number
  readonly chunks: number
  /** Ids of the server's tasks, one for each chunk where it names them. */
  readonly taskIds: readonly string[]
  /** Names of fields that the server keeps for itself: they were not sent. */
  readonly droppedFields: readonly string[]
  /** Events that the timeline has more than before, once it is ready; undefined when that was not waited for. */
  readonly indexed: number | undefined
  /** Of the timeline at the end: `ready` or `fail`; undefined when that was not waited for. */
  readonly status: string | undefined
  /** Data sources of this import of which the server says that they failed; 0 when that was not waited for. */
  readonly failedPieces: number
  /** What the server has said of these, and of rows that it left out. */
  readonly serverErrors: readonly string[]
}

/** A row that cannot be an event. */
export interface Reject {
  /** Line of the file, or number of the row, counted from 1. */
  readonly line: number
  readonly reason: string
}

/** Where an import can go on. Plain data: it can be kept as JSON. */
export interface ImportCheckpoint {
  /** Rows of the source that are settled: sent or rejected. */
  readonly rows: number
  readonly timeline: string
  readonly timelineId: number | undefined
  readonly indexName: string | undefined
  readonly dataLabel: string
}

/** How far an import is. */
export interface ImportProgress {
  readonly done: number
  /** Undefined when it is not known beforehand. */
  readonly total: number | undefined
  readonly unit: 'rows' | 'bytes'
}

/** Rejected rows that an account lists; all are counted. */
export const MAX_LISTED_REJECTS = 1000
