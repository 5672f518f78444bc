import type { ReadOptions } from '@timeskein/ingest'
import type { FieldChoice, FileAccount, RefusedFile } from '@timeskein/model'
import type { Principal } from '../auth/principal.ts'
import type { DataSource } from '../services/timelines/data-source-service.ts'
import type { Timeline } from '../services/timelines/timeline-service.ts'

/** `rolled-back`: cancelled, or cut off by the end of the process; nothing of it is in the store. */
export type ImportStatus = 'queued' | 'running' | 'done' | 'failed' | 'rolled-back'

/** One input: a file or a folder on this machine, or bytes as they arrive. */
export type ImportInput =
  | {
      readonly path: string
      /** The name people know it by; default: the path. */
      readonly name?: string
      /** Delete the file when the import has ended. */
      readonly isTemporary?: boolean
    }
  | { readonly stream: AsyncIterable<Uint8Array>; readonly name: string }

/** How rows are read; everything left out is detected. */
export interface ImportReading {
  /** Field of the input that stands for a field every event has, or several: `datetime` to `EventTime`, `message` to `Host+What`. */
  readonly map?: Readonly<Record<string, FieldChoice>>
  /** Values for the whole import: `timestamp_desc` to `Logged`. */
  readonly constants?: Readonly<Record<string, string>>
  /** CSV delimiter, one character. */
  readonly delimiter?: string
  /** Name of the text encoding. */
  readonly encoding?: string
  /** IANA zone of times without one. @default UTC */
  readonly timeZone?: string
  /** 1/2/2024 is the first of February. */
  readonly dayFirst?: boolean
  /** Search space of binary files that is not in use for records that are left there. */
  readonly carve?: boolean
  /** Keep the XML of each Windows event, as `xml_string`. */
  readonly keepXml?: boolean
  /** Year in which the first line of a log was written whose times have none. */
  readonly year?: number
  /** Every time of a row becomes an event. */
  readonly allTimes?: boolean
  /** Formatters that messages of Plaso's events are made by (`readFormatters`). @default those of the folder of configuration, else of the readers */
  readonly formatters?: ReadOptions['formatters']
  /** A database of message resources of Windows on this machine. @default that of the folder of configuration, if there is one */
  readonly messageResources?: string
  /** An event filter of Plaso, for storage files. */
  readonly plasoFilter?: string
}

/** What to import, into which timeline, and how to read it. */
export interface ImportRequest {
  readonly sketchId: number
  /** A timeline of the sketch, or the name of one to find or make. */
  readonly timeline:
    | { readonly id: number }
    | { readonly name: string; readonly indexName?: string; readonly dataLabel?: string }
  readonly inputs: readonly ImportInput[]
  /**
   * Files found in archives and folders go to a timeline for each kind of source and host, named after these; the import's own timeline
   * goes again when nothing is in it. @default false
   */
  readonly bySource?: boolean
  readonly reading?: ImportReading
  /** What is noted about the origin. */
  readonly dataSource?: {
    readonly provider?: string
    readonly context?: string
    readonly originalFilename?: string
    readonly dataLabel?: string
    readonly fileSizeBytes?: number
  }
  /**
   * Timelines that were made for it go again when nothing of it could be taken: who asked for it hears why with the answer.
   *
   * @default false: they stay, and tell what went wrong
   */
  readonly leavesNoEmptyTimeline?: boolean
  /** Store rows even if the timeline has them already. @default false */
  readonly keepKnownRows?: boolean
  /**
   * More of the same evidence is on its way: the analyzers that are configured to run by themselves wait for the last of it, and the
   * threads that read for the next. @default false
   */
  readonly moreFollows?: boolean
  /**
   * The import is accepted: once `start` has resolved it is carried out even if the process ends, by the next one that stays, for what the
   * caller promises on the strength of it. Its only input is a temporary file in the folder of uploads, which is on the disk. Where much
   * was accepted that is not imported yet, `start` waits for room; `signal` gives that up.
   */
  readonly accept?: { readonly signal?: AbortSignal }
  /** Cancels; what was read is rolled back. */
  readonly signal?: AbortSignal
}

/** How far an import is. */
export interface ImportProgress {
  readonly phase: 'queued' | 'reading' | 'committing' | 'ended'
  readonly bytesDone: number
  /** Undefined when the size of an input is not known. */
  readonly bytesTotal: number | undefined
  readonly rowsStored: number
  readonly rowsRejected: number
  readonly rowsDuplicate: number
  readonly file: string
  readonly elapsedMs: number
}

/** What is told at the end of an import to those who wait for it; of this the log keeps the sentences only. */
export interface ImportOutcome {
  /** Inputs that could not be read, or what else went wrong, a sentence each. */
  readonly problems: readonly string[]
  /** Files of archives and folders that are not in. */
  readonly refused: readonly RefusedFile[]
  /** The system's code (`ENOSPC`) when it failed over a call of the system. */
  readonly errorCode?: string
}

/** One import and what became of it. */
export interface ImportJob extends Partial<ImportOutcome> {
  /** 32 hex digits; also the store's import id. */
  readonly id: string
  readonly sketchId: number
  readonly timelineId: number
  readonly indexName: string
  readonly userId: number
  readonly status: ImportStatus
  readonly files: readonly FileAccount[]
  /** Why it failed or was rolled back, what of it was not read (entries of an archive), remarks about rows; a line each. */
  readonly error: string | undefined
  readonly hasRejects: boolean
  readonly progress: ImportProgress | undefined
  /** From the start of reading until the rows could be searched. */
  readonly searchableSeconds: number | undefined
  /** From the start of reading until the word index was complete. */
  readonly indexedSeconds: number | undefined
  readonly queuedAtMs: number
  readonly startedAtMs: number | undefined
  readonly endedAtMs: number | undefined
}

/** A file that is being received. */
export interface ExpectedImport {
  readonly sizeBytes: number
  /** What of it has not been received yet. */
  readonly bytesToCome: number
}

/** What was begun. */
export interface StartedImport {
  readonly job: ImportJob
  readonly timeline: Timeline
  readonly dataSource: DataSource
  /** Settles when the import has ended, also when it failed (see `status`); never rejects. */
  readonly ended: Promise<ImportJob>
}

/** Imports: one at a time into an index, a few at once over all. */
export interface ImportService {
  /** Tells that an import is about to be started, so that it finds everything ready, and nothing begins that would compete with it. */
  expect(expected: ExpectedImport): void
  /**
   * Queues an import. Needs write; the timeline is `processing` until it ends.
   *
   * @throws {DomainError} `not-found`, `forbidden`, `conflict` (`sketch-archived`), `invalid` (`no-inputs`, `input-not-found`).
   */
  start(principal: Principal, request: ImportRequest): Promise<StartedImport>
  /** Needs read on the sketch. @throws {DomainError} `not-found` (`import-not-found`). */
  get(principal: Principal, importId: string): Promise<ImportJob>
  /** Newest first. */
  list(principal: Principal, sketchId: number): Promise<readonly ImportJob[]>
  /** Jobs of the caller that are queued or running. */
  listOpen(principal: Principal): Promise<readonly ImportJob[]>
  /** Progress from now on until the end; ends at once when the job has ended. */
  watch(importId: string, signal?: AbortSignal): AsyncIterable<ImportProgress>
  /** Resolves when the job has ended. */
  waitForEnd(importId: string, signal?: AbortSignal): Promise<ImportJob>
  /** Needs write. Resolves when it has been rolled back; does nothing when it has ended. */
  cancel(principal: Principal, importId: string): Promise<ImportJob>
  /**
   * Rejected rows as they stood (`raw`; those of a CSV under its header), or one JSON object each with line, reason and
   * detail (`reasons`).
   *
   * @param file - Only those of this file: its place in the job's `files`, from 1. Left out: all, one file after the other.
   * @throws {DomainError} `not-found` (`reject-file-not-found`) when there are none.
   */
  readRejects(
    principal: Principal,
    importId: string,
    kind: 'raw' | 'reasons',
    file?: number,
  ): Promise<ReadableStream<Uint8Array>>
}
