import type {
  ApiAsks,
  ApiAuditEntry,
  ApiAuditFilter,
  ApiDerived,
  ApiFinding,
  ApiImportPreview,
  ApiKeyRow,
  ApiOperation,
  ApiPlatformCredentials,
  ApiSketch,
  ApiTimeline,
  ApiUser,
  FileAccount,
  KeyKind,
  RefusedFile,
} from '@timeskein/model'
import type { RejectSource } from '../rejects/save-rejects.ts'
import type { ConnectorCalls } from './connector-calls.ts'
import type { DetectionCalls } from './detection-calls.ts'

/** What commands need done, by a data directory in this process or by a server; they do not know which. */
export interface Backend
  extends UserCalls,
    SketchCalls,
    ImportCalls,
    QuestionCalls,
    MarkCalls,
    AuditCalls,
    ConnectorCalls,
    DetectionCalls,
    AsyncDisposable {
  /** For messages: the directory or the address. */
  readonly place: string
  /** What opening it found and mended, for people. */
  readonly notes: readonly string[]

  diagnose(): Promise<readonly Finding[]>
  /** The same place for tidying up after an interruption: the signal that ended the work does not end its calls. */
  forTidying(): Backend
}

/** Accounts and their API keys. */
export interface UserCalls {
  listUsers(): Promise<readonly UserRow[]>
  addUser(user: { name: string; password: string; isAdmin: boolean }): Promise<UserRow>
  setPassword(name: string, password: string): Promise<void>
  disableUser(name: string): Promise<void>

  createKey(key: {
    name: string
    scopes: readonly string[]
    user?: string
  }): Promise<{ id: number; key: string }>
  /** Credentials for the API of another platform, in its words. Without scopes it gets what keys of that platform usually have. */
  createPlatformKey(key: {
    name: string
    kind: PlatformKind
    scopes: readonly string[]
    user?: string
  }): Promise<ApiPlatformCredentials>
  /** One's own; those of everyone for administrators. */
  listKeys(): Promise<readonly KeyRow[]>
  revokeKey(id: number): Promise<void>
}

/** Sketches and the timelines in them. */
export interface SketchCalls {
  /** Those that can be read; every one for administrators. */
  listSketches(): Promise<readonly SketchRow[]>
  /** By id (digits) or name. Fails with `EXIT.notFound` when there is none. */
  findSketch(nameOrId: string): Promise<SketchRow>
  createSketch(name: string, description?: string): Promise<SketchRow>
  renameSketch(sketchId: number, name: string): Promise<SketchRow>
  /** Administrators delete it with its events, for good; for others it is out of sight and keeps its events. */
  deleteSketch(sketchId: number): Promise<void>

  listTimelines(sketchId: number): Promise<readonly TimelineRow[]>
  renameTimeline(sketchId: number, timelineId: number, name: string): Promise<void>
  /** Removes it with its events. */
  deleteTimeline(sketchId: number, timelineId: number): Promise<void>
}

/** Evidence in. */
export interface ImportCalls {
  /** Each file is stored whole or not at all; those that could not be taken are told in `problems` when others were. */
  importFiles(request: ImportFilesRequest): Promise<FinishedImport>
  /** What an import would do, without doing it. */
  previewFile(file: ImportFile, reading: ImportReadingOptions, signal: AbortSignal): Promise<ApiImportPreview>
}

/** Answers out. */
export interface QuestionCalls {
  /** @param page.derived - Which fields rows come with beside their own. @default all */
  search(
    question: Question,
    page: { size: number; sort: SortOrder; derived?: ApiDerived },
  ): Promise<SearchAnswer>
  /** Every event, in pages, at constant memory. */
  scan(
    question: Question,
    options: { sort: SortOrder | undefined; derived?: ApiDerived },
  ): AsyncIterable<readonly EventRow[]>
  count(question: Question): Promise<{ count: number; complete: boolean }>
  /** @param interval - A calendar unit or a length such as `6h`; what fits when undefined. */
  histogram(question: Question, interval: string | undefined): Promise<HistogramAnswer>
  top(question: Question, field: string, size: number): Promise<TopAnswer>
  /** How a question would be answered, one step a line. @param asks - What is asked of its events; a page when left out. */
  explain(question: Question, asks?: ApiAsks): Promise<readonly string[]>
  /** The fields of the timelines a question is about, dotted paths, with the JSON types of their values. */
  listFields(question: Question): Promise<readonly FieldRow[]>
}

/** Marks, and taking them back. */
export interface MarkCalls {
  mark(request: MarkRequest): Promise<MarkReport>
  /** What was done in a sketch, newest first. */
  history(sketchId: number, limit: number): Promise<readonly HistoryRow[]>
  /** Only an operation of the sketch, where one is named. */
  undo(operationId: string, sketchId?: number): Promise<HistoryRow>
}

/** Who did, asked and took out what. */
export interface AuditCalls {
  /** Newest first. For administrators. */
  listAudit(filter: AuditFilter, limit: number): Promise<readonly AuditRow[]>
}

/** Which entries of the audit log; times as typed. */
export type AuditFilter = Pick<ApiAuditFilter, 'user' | 'action' | 'sketch' | 'from' | 'to'>
/** One entry of the audit log. */
export type AuditRow = ApiAuditEntry

/** By time: oldest or newest first. */
export type SortOrder = 'asc' | 'desc'

/** An account, in the words of our own API as all rows are, by whichever side. */
export type UserRow = ApiUser
/** An API key without its secret. */
export type KeyRow = ApiKeyRow
/** A platform whose API is spoken too. */
export type PlatformKind = Exclude<KeyKind, 'timeskein'>
/** A sketch; times are ISO 8601. */
export type SketchRow = ApiSketch
/** A timeline with what the store holds of it; `first` and `last` are left out when it has no event. */
export type TimelineRow = ApiTimeline
/** One operation of the log of marks; `at` is ISO 8601. */
export type HistoryRow = ApiOperation
/** Something `doctor` looked at. */
export type Finding = ApiFinding

/** A file or a folder on this machine, or standard input. */
export type ImportFile = { readonly path: string } | { readonly stdin: AsyncIterable<Uint8Array> }

/** How files are to be read; what is left out is found out by content. */
export interface ImportReadingOptions {
  readonly map?: Readonly<Record<string, string>>
  readonly timeZone?: string
  readonly encoding?: string
  readonly dayFirst?: boolean
  readonly carve?: boolean
  readonly keepXml?: boolean
  /** Year in which the first line of a log was written whose times have none. */
  readonly year?: number
  readonly allTimes?: boolean
  /** A folder of formatters of Plaso, or one file of them. */
  readonly formatters?: string
  /** A database of message resources of Windows. */
  readonly messageResources?: string
  /** An event filter of Plaso. */
  readonly plasoFilter?: string
}

/** Which files go into which timeline (made when there is none of that name). */
export interface ImportFilesRequest {
  readonly sketchId: number
  readonly timeline: string
  /** Files found in archives and folders go to a timeline for each kind of source and host instead. */
  readonly bySource?: boolean
  readonly files: readonly ImportFile[]
  readonly reading: ImportReadingOptions
  readonly signal: AbortSignal
  readonly onProgress: (progress: {
    file: string
    bytesDone: number
    bytesTotal: number | undefined
    rows: number
  }) => void
}

/** An import that has ended with something to account for. */
export interface FinishedImport {
  readonly report: ImportReport
  /** The files of the report, with the way to the rows of each that were rejected. */
  readonly rejects: readonly RejectSource[]
}

/** What became of an import, as `--json` prints it. */
export interface ImportReport {
  readonly files: readonly FileAccount[]
  readonly timeline_id: number
  readonly sketch_id: number
  readonly searchable_seconds: number
  readonly indexed_seconds: number
  /** Files of archives and folders that are not in, and why; left out when all are. */
  readonly refused?: readonly RefusedFile[]
  /** Which files could not be taken, and why, a sentence each; left out when all were. */
  readonly problems?: readonly string[]
  /** The system's code (`ENOSPC`) when the import failed over a call of the system. */
  readonly error_code?: string
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

/** A page of events; `total` is exact when `complete`. */
export interface SearchAnswer {
  readonly total: number
  readonly hits: readonly EventRow[]
  readonly tookMs: number
  readonly complete: boolean
  readonly incompleteReason: string | undefined
}

/** Events over time, in the order of time; stretches without events are left out. */
export interface HistogramAnswer {
  /** As it was asked for; one that was chosen as OpenSearch writes it: `1d`, `3h`. */
  readonly interval: string
  /** ISO 8601 begin of each bucket. */
  readonly buckets: readonly { readonly time: string; readonly count: number }[]
}

/** A field’s commonest values, the commonest first. */
export interface TopAnswer {
  readonly buckets: readonly { readonly value: string | number | boolean; readonly count: number }[]
  /** Events in values beyond those listed. */
  readonly otherCount: number
}

/** One act of marking. */
export interface MarkRequest {
  readonly sketchId: number
  readonly kind: 'tag' | 'untag' | 'star' | 'unstar' | 'comment'
  /** Tag or comment. */
  readonly value: string
  readonly target: { readonly ids: readonly string[] } | { readonly question: Question }
}

/** What an act of marking did, as `--json` prints it. */
export interface MarkReport {
  readonly operation_id: string
  readonly matched: number
  readonly changed: number
  readonly unknown_ids: readonly string[]
}
