import type { StoredEvent } from '@timeskein/model'
import type { Principal } from '../../auth/principal.ts'

/** What a search job is at. */
export type SearchJobStatus = 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'

/** Languages of terms; `es-query-string` is the older one. */
export type SearchLanguage = 'dork' | 'es-query-string'

/** One condition beside a term. */
export interface SearchFilter {
  readonly field: string
  /** `=`, `exists`, `starts with`, `ends with`, `contains`, `>`, `>=`, `<`, `<=`, and other spellings of them. */
  readonly operator: string
  readonly value?: unknown
  readonly disabled?: boolean | null | undefined
  /** Turned over. */
  readonly excluded?: boolean | null | undefined
}

/** What is to be searched: all events that the caller may read. */
export interface SearchJobDraft {
  readonly term: string
  readonly language: SearchLanguage
  readonly filters: readonly SearchFilter[]
  /** Microseconds since 1970; both ends belong to it. */
  readonly earliestUs: bigint
  readonly latestUs: bigint
  /** Only so many of the newest events. */
  readonly maxEvents: number | undefined
  /** Nothing answers where it is false: the caller asks for another organisation's events. */
  readonly isOfOrganisation: boolean
  /** Only events that belong to alerts or cases. */
  readonly isOnlyKept: boolean
  /** Shown in the list of searches. */
  readonly isVisible: boolean
  /** A term that cannot be read makes the job fail instead of the call. */
  readonly isLenient: boolean
  /** Told back as it is. */
  readonly details: Readonly<Record<string, unknown>>
}

/** A search that runs by itself. */
export interface SearchJob {
  /** UUID. */
  readonly uid: string
  readonly userId: number
  readonly status: SearchJobStatus
  readonly term: string
  readonly language: SearchLanguage
  readonly filters: readonly SearchFilter[]
  readonly maxEvents: number | undefined
  readonly isOnlyKept: boolean
  readonly details: Readonly<Record<string, unknown>>
  /** Events found, at most `maxEvents`. */
  readonly total: number
  /** Why it failed. */
  readonly problem: string | undefined
  readonly createdAtMs: number
  readonly startedAtMs: number | undefined
  readonly endedAtMs: number | undefined
  readonly cancelledById: number | undefined
  /** Its events are given until then; undefined before its end. */
  readonly expiresAtMs: number | undefined
}

/** How long the events of a job are given after its end. */
export const RESULTS_TTL_SECONDS = 1800
/** Events of one page at most. */
export const MAX_JOB_EVENTS = 1000

/** A field of what a job found. */
export interface FoundField {
  readonly name: string
  readonly kind: 'string' | 'number'
  /** The commonest values with their share of the events that have the field, in percent. */
  readonly commonest: readonly { readonly value: string; readonly percent: number }[]
}

/** Searches that run by themselves. A job is its maker's; nobody else finds it. */
export interface SearchJobService {
  /**
   * Begins a search; it goes on behind the call.
   *
   * @throws {QueryError} For a term that cannot be read. @throws {DomainError} `invalid` (`bad-filter`), `too-many` (`too-many-jobs`).
   */
  create(principal: Principal, draft: SearchJobDraft): Promise<SearchJob>
  /** @throws {DomainError} `not-found` (`search-job-not-found`). */
  get(principal: Principal, uid: string): Promise<SearchJob>
  /** Visible ones, newest first. */
  list(
    principal: Principal,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly SearchJob[]; readonly total: number }>
  /** Does nothing to a job that has ended. */
  cancel(principal: Principal, uid: string): Promise<SearchJob>
  /**
   * Events of a job that is done, newest first; at most `MAX_JOB_EVENTS`.
   *
   * @throws {DomainError} `conflict` (`job-not-done`), `not-found` (`search-job-results-not-found`: they have expired).
   */
  readEvents(
    principal: Principal,
    uid: string,
    page: { readonly limit: number; readonly offset: number },
    signal?: AbortSignal,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly total: number }>
  /** The fields of the events of a job that is done. @throws {DomainError} As `readEvents`. */
  readFields(
    principal: Principal,
    uid: string,
    page: { readonly limit: number; readonly offset: number },
    signal?: AbortSignal,
  ): Promise<{ readonly items: readonly FoundField[]; readonly total: number }>
  /**
   * All events of a job that is done, newest first, in pages.
   *
   * @throws {DomainError} As `readEvents`; `forbidden` (`no-read-permission`: it was taken back meanwhile).
   */
  scanEvents(principal: Principal, uid: string, signal?: AbortSignal): AsyncIterable<readonly StoredEvent[]>
  /**
   * Numbers of events over time.
   *
   * @param request.bucketMs - Length of a stretch. @param request.field - What `kind` is about; not looked at for `count`.
   */
  countOverTime(
    principal: Principal,
    request: Pick<SearchJobDraft, 'term' | 'language' | 'filters' | 'earliestUs' | 'latestUs'> & {
      readonly kind: 'count' | 'avg' | 'cardinality' | 'max' | 'min' | 'sum'
      readonly field: string | undefined
      readonly bucketMs: number
    },
    signal?: AbortSignal,
  ): Promise<readonly { readonly atMs: number; readonly value: number | undefined }[]>
  /** Called when jobs of a user end, until the signal aborts. */
  watch(principal: Principal, onEnd: (job: SearchJob) => void, signal: AbortSignal): void
  /** Ends all that are under way, before the store closes; the next start tells that they failed. */
  stop(): Promise<void>
}
