/** Work that a platform does by itself ended without a result. */
export class JobError extends Error {
  override readonly name = 'JobError'
  readonly code = 'job-failed'
  /** Id of the work. */
  readonly jobId: string

  constructor(what: string, jobId: string, ended: string) {
    super(`${what} ${jobId}: a result was expected, but it ${ended}`)
    this.jobId = jobId
  }
}

/** True for a `JobError`, also one of another copy of this package. */
export function isJobError(error: unknown): error is JobError {
  return error instanceof Error && error.name === 'JobError'
}
