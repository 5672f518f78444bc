import type { ApiImportPreview, FileAccount } from '@timeskein/model'

/** What commands need done, by a data directory in this process or by a server; they do not know which. */
export interface Backend extends AsyncDisposable {
  /** For messages: the directory or the address. */
  readonly place: string
  /** What opening it found and mended, for people. */
  readonly notes: readonly string[]

  listUsers(): Promise<readonly UserRow[]>
  addUser(user: { name: string; password: string; isAdmin: boolean }): Promise<UserRow>
  setPassword(name: string, password: string): Promise<void>
  disableUser(name: string): Promise<void>

  createKey(key: {
    name: string
    scopes: readonly string[]
    user?: string
  }): Promise<{ id: number; key: string }>
  listKeys(): Promise<readonly KeyRow[]>
  revokeKey(id: number): Promise<void>

  listSketches(): Promise<readonly SketchRow[]>
  /** By id (digits) or name. Throws a `CliError` when there is none. */
  findSketch(nameOrId: string): Promise<SketchRow>
  createSketch(name: string, description?: string): Promise<SketchRow>
  renameSketch(sketchId: number, name: string): Promise<SketchRow>
  deleteSketch(sketchId: number): Promise<void>

  listTimelines(sketchId: number): Promise<readonly TimelineRow[]>
  renameTimeline(sketchId: number, timelineId: number, name: string): Promise<void>
  deleteTimeline(sketchId: number, timelineId: number): Promise<void>

  importFiles(request: ImportFilesRequest): Promise<ImportReport>
  /** What an import would do, without doing it. */
  previewFile(file: ImportFile, reading: ImportReadingOptions, signal: AbortSignal): Promise<ApiImportPreview>

  search(question: Question, page: { size: number; sort: SortOrder }): Promise<SearchAnswer>
  /** Every event, in pages, at constant memory. */
  scan(
    question: Question,
    options: { sort: SortOrder | undefined; fields?: readonly string[] },
  ): AsyncIterable<readonly EventRow[]>
  count(question: Question): Promise<{ count: number; complete: boolean }>
  histogram(question: Question, interval: string | undefined): Promise<HistogramAnswer>
  top(question: Question, field: string, size: number): Promise<TopAnswer>
  explain(question: Question): Promise<readonly string[]>
  /** The fields of the timelines a question is about, dotted paths, with the JSON types of their values. */
  listFields(question: Question): Promise<readonly FieldRow[]>

  mark(request: MarkRequest): Promise<MarkReport>
  history(sketchId: number, limit: number): Promise<readonly HistoryRow[]>
  undo(operationId: string): Promise<HistoryRow>

  diagnose(): Promise<readonly Finding[]>
}

export type SortOrder = 'asc' | 'desc'

export interface UserRow {
  readonly id: number
  readonly name: string
  readonly isAdmin: boolean
  readonly isActive: boolean
}

export interface KeyRow {
  readonly id: number
  readonly user: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly isRevoked: boolean
}

export interface SketchRow {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly status: string
  readonly owner: string
  /** ISO 8601. */
  readonly updatedAt: string
}

export interface TimelineRow {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly index: string
  readonly events: number
  /** ISO 8601; undefined when there is no event. */
  readonly first: string | undefined
  readonly last: string | undefined
  /** Why rows or all were not taken. */
  readonly problem: string
}

/** A file on this machine, or standard input. */
export type ImportFile = { readonly path: string } | { readonly stdin: AsyncIterable<Uint8Array> }

export interface ImportReadingOptions {
  readonly map?: Readonly<Record<string, string>>
  readonly timeZone?: string
  readonly encoding?: string
  readonly dayFirst?: boolean
  readonly allTimes?: boolean
}

export interface ImportFilesRequest {
  readonly sketchId: number
  readonly timeline: string
  readonly files: readonly ImportFile[]
  readonly reading: ImportReadingOptions
  readonly rejectsPath?: string
  readonly signal: AbortSignal
  readonly onProgress: (progress: {
    file: string
    bytesDone: number
    bytesTotal: number | undefined
    rows: number
  }) => void
}

export interface ImportReport {
  readonly files: readonly FileAccount[]
  readonly timeline_id: number
  readonly sketch_id: number
  readonly searchable_seconds: number
  readonly indexed_seconds: number
  /** Which files could not be taken, and why; left out when all were. */
  readonly problem?: string
  /** What is worth knowing though all files were taken; left out when nothing is. */
  readonly remark?: string
}

/** Which events of a sketch. */
export interface Question {
  readonly sketchId: number
  /** Lucene query string; empty means every event. */
  readonly query: string
  readonly timeline?: string
  /** Times as typed: dates, date maths; `to` means the end of what it names. */
  readonly from?: string
  readonly to?: string
  readonly signal: AbortSignal
}

/** One event for output. */
export interface EventRow {
  readonly id: string
  /** Name of its timeline. */
  readonly timeline: string
  /** The event's own fields as the text of one JSON object; its own `_id` and `timeline` are called `_source._id` … in it. */
  readonly json: string
  /** The same by top-level name, as JSON texts. */
  readonly members: ReadonlyMap<string, string>
}

/** One field with how many events have it. */
export interface FieldRow {
  readonly name: string
  readonly kinds: readonly string[]
  readonly events: number
}

export interface SearchAnswer {
  readonly total: number
  readonly hits: readonly EventRow[]
  readonly tookMs: number
  readonly complete: boolean
  readonly incompleteReason: string | undefined
}

export interface HistogramAnswer {
  /** As OpenSearch writes it: `1d`, `3h`. */
  readonly interval: string
  /** ISO 8601 begin of each bucket. */
  readonly buckets: readonly { readonly time: string; readonly count: number }[]
}

export interface TopAnswer {
  readonly buckets: readonly { readonly value: string | number | boolean; readonly count: number }[]
  /** Events in values beyond those listed. */
  readonly otherCount: number
}

export interface MarkRequest {
  readonly sketchId: number
  readonly kind: 'tag' | 'untag' | 'star' | 'unstar' | 'comment'
  /** Tag or comment. */
  readonly value: string
  readonly target: { readonly ids: readonly string[] } | { readonly question: Question }
}

export interface MarkReport {
  readonly operation_id: string
  readonly matched: number
  readonly changed: number
  readonly unknown_ids: readonly string[]
}

export interface HistoryRow {
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly user: string
  readonly kind: string
  readonly value: string
  readonly query: string | undefined
  readonly matched: number
  readonly changed: number
  readonly state: string
}

export interface Finding {
  readonly severity: 'ok' | 'warning' | 'error'
  readonly subject: string
  readonly message: string
}
