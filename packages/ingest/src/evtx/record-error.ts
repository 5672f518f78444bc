import type { RejectReason } from '@timeskein/model'

/** Why a record cannot be read. */
export type RecordProblem = Extract<RejectReason, 'bad-record' | 'missing-template' | 'over-limit'>

/** One record cannot be read; those around it may be. The message says what was expected and what was found. */
export class RecordError extends Error {
  override readonly name = 'RecordError'
  readonly code: RecordProblem

  constructor(code: RecordProblem, message: string) {
    super(message)
    this.code = code
  }
}
