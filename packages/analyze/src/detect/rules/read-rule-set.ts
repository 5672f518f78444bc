import {
  isPipeline,
  parseSigmaDocuments,
  type SigmaDocument,
  type SigmaProblem,
  type SigmaSource,
} from '@timeskein/query/sigma'
import type { RuleSet } from '../contract/rule-set.ts'

/** Reads files of rules and of pipelines for them; what is wrong with one rule is told and spoils no other. */
export function readRuleSet(sources: Iterable<SigmaSource>): RuleSet {
  const documents: SigmaDocument[] = []
  const problems: SigmaProblem[] = []
  const pipelines: SigmaSource[] = []
  for (const source of sources) {
    if (isPipeline(source)) {
      pipelines.push(source)
      continue
    }
    const parsed = parseSigmaDocuments(source)
    for (const document of parsed.documents) documents.push(document)
    for (const problem of parsed.problems) problems.push(problem)
  }
  return { documents, problems, ...(pipelines.length === 0 ? {} : { pipelines }) }
}
