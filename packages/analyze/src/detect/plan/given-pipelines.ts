import {
  isSigmaError,
  type Pipeline,
  parsePipeline,
  type SigmaProblem,
  type SigmaSource,
} from '@timeskein/query/sigma'

/** The pipelines of a set of rules that can be read, and why the others cannot. */
export interface GivenPipelines {
  readonly pipelines: readonly Pipeline[]
  readonly problems: readonly SigmaProblem[]
}

/** Reads pipelines; what is wrong with one spoils no other. */
export function parseGivenPipelines(sources: readonly SigmaSource[]): GivenPipelines {
  const pipelines: Pipeline[] = []
  const problems: SigmaProblem[] = []
  for (const source of sources) {
    try {
      pipelines.push(parsePipeline(source))
    } catch (error) {
      if (!isSigmaError(error)) throw error
      const place = error.place ?? { file: source.file, line: 1, column: 1 }
      problems.push({ code: error.code, ...place, rule: undefined, reason: error.message })
    }
  }
  return { pipelines, problems }
}
