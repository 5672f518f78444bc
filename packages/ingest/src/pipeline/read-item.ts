import type { EventBatch, FileAccount, Reject } from '@timeskein/model'
import type { TimeNotes } from '../batch/time-notes.ts'
import type { Refusal } from '../containers/container-entry.ts'
import type { Mapping } from '../schemas/mapping.ts'
import type { StretchJob, StretchResult } from './stretch.ts'

/** What became of a stretch, each batch with what else was made of it in the thread that read it. */
export interface StretchOutcome<P> extends Omit<StretchResult, 'batches'> {
  readonly batches: readonly { readonly batch: EventBatch; readonly prepared: P }[]
}

/** Reads stretches somewhere else, several at once. */
export interface StretchExecutor<P> {
  /** Stretches that may be under way at once. */
  readonly concurrency: number
  /** Reads one; the job's buffer is the executor's from here on. */
  run(job: StretchJob): Promise<StretchOutcome<P>>
}

/** The part of a file's account that reading knows; the caller adds what the store says. */
export type ReadAccount = Omit<FileAccount, 'stored' | 'duplicates'>

/** What reading yields, file after file: `file`, then batches and rejects, then `end` or `refused`; or `refused` alone. */
export type ReadItem<P = undefined> =
  | {
      readonly kind: 'file'
      readonly path: string
      /** As in the account: `csv/hayabusa`. */
      readonly format: string
      readonly mapping: Mapping
      /** Sentences that say what was recognised and why. */
      readonly reasons: readonly string[]
      /** It was found in an archive or a folder. */
      readonly isContained: boolean
      /** Bytes of the file, or of what it is packed in, as what it was found in says; undefined where that does not. */
      readonly sizeBytes: number | undefined
      /** Name of the host that it was collected from, where what it was found in says so. */
      readonly host: string | undefined
    }
  | {
      readonly kind: 'batch'
      readonly batch: EventBatch
      readonly prepared: P
    }
  | { readonly kind: 'rejects'; readonly rejects: readonly Reject[] }
  | {
      readonly kind: 'end'
      readonly account: ReadAccount
      /** Lines with bytes that are no UTF-8; they were kept, with U+FFFD in place of those bytes. */
      readonly badLines: number
      /** What there is to say of the times of rows kept: those that could not be read, or not as the others. */
      readonly timeNotes: readonly TimeNotes[]
      /** Sentences about what else is worth knowing of rows that were taken. */
      readonly remarks: readonly string[]
      /** Why the file ended before its format says it should. */
      readonly truncation: string | undefined
    }
  | RefusedItem

/** A file of an archive or a folder that is not read, and why. */
export interface RefusedItem {
  readonly kind: 'refused'
  readonly path: string
  readonly reason: string
  readonly refusal: Refusal
  /** `file` came, and maybe rows: what came of it does not count. */
  readonly isBegun: boolean
}
