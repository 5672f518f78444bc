import { type SigmaProblem, toProblem } from '../problem.ts'
import type { SigmaSource } from '../rule/parse-documents.ts'
import { parsePipeline } from './parse-pipeline.ts'
import type { Pipeline } from './pipeline.ts'

/** Those of some pipelines that can be read, and why the others cannot. */
export interface ParsedPipelines {
  readonly pipelines: readonly Pipeline[]
  readonly problems: readonly SigmaProblem[]
}

/** Reads pipelines, one a file; what is wrong with one spoils no other. */
export function parsePipelines(sources: Iterable<SigmaSource>): ParsedPipelines {
  const pipelines: Pipeline[] = []
  const problems: SigmaProblem[] = []
  for (const source of sources) {
    try {
      pipelines.push(parsePipeline(source))
    } catch (error) {
      problems.push(toProblem(error, { file: source.file, line: 1, column: 1 }, undefined))
    }
  }
  return { pipelines, problems }
}
