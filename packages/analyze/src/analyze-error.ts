/** What was wrong with a request to look at events: a parameter, or a name that nothing has. */
export type AnalyzeErrorCode = 'unknown-aggregator' | 'bad-parameter' | 'too-many-buckets'

/** Something cannot be run as it was asked for; the message is meant for whoever asked. */
export class AnalyzeError extends Error {
  override readonly name = 'AnalyzeError'
  /** Stable, for scripts. */
  readonly code: AnalyzeErrorCode
  /** The parameter that is wrong; undefined when it is none. */
  readonly parameter: string | undefined

  constructor(code: AnalyzeErrorCode, message: string, parameter?: string) {
    super(message)
    this.code = code
    this.parameter = parameter
  }
}

/** Says whether something thrown is an `AnalyzeError`; works across copies of this package. */
export function isAnalyzeError(value: unknown): value is AnalyzeError {
  return value instanceof Error && value.name === 'AnalyzeError'
}
