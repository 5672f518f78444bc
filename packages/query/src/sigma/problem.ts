/** Where something stands: line and column are 1-based, columns in UTF-16 units. */
export interface SigmaPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * What kind of trouble a rule has: `bad-yaml` is no YAML; `bad-rule` says what the specification does not allow; `bad-reference`
 * names a rule that is not there; `unsupported` is good Sigma that cannot be run, with the reason; `bad-pipeline` is a
 * mistake of a pipeline; `refused-by-pipeline` is a rule that a pipeline's failure transformation refuses.
 */
export type SigmaProblemCode =
  | 'bad-yaml'
  | 'bad-rule'
  | 'bad-reference'
  | 'unsupported'
  | 'bad-pipeline'
  | 'refused-by-pipeline'

/** One thing that is wrong, and where. */
export interface SigmaProblem extends SigmaPlace {
  readonly code: SigmaProblemCode
  /** Title of the rule, where it is known. */
  readonly rule: string | undefined
  /** What was expected and what was found; without an end mark. */
  readonly reason: string
}

/** A rule or pipeline that cannot be read or compiled. Carries where the trouble starts. */
export class SigmaError extends Error {
  override readonly name = 'SigmaError'
  readonly code: SigmaProblemCode
  /** Undefined where the whole document is meant. */
  readonly place: SigmaPlace | undefined

  constructor(code: SigmaProblemCode, reason: string, place?: SigmaPlace, options?: ErrorOptions) {
    super(reason, options)
    this.code = code
    this.place = place
  }
}

/** True for a `SigmaError`, also one of another copy of this package. */
export function isSigmaError(error: unknown): error is SigmaError {
  return error instanceof Error && error.name === 'SigmaError'
}

/** The error as a finding about a rule; what is no `SigmaError` is thrown on. */
export function toProblem(error: unknown, place: SigmaPlace, rule: string | undefined): SigmaProblem {
  if (!isSigmaError(error)) throw error
  const { file, line, column } = error.place ?? place
  return { code: error.code, file, line, column, rule, reason: error.message }
}
