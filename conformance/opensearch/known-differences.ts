import type { Question } from './question.ts'

/** Where our answer is meant to be another than OpenSearch's. Documented under the same id in docs/query-semantics.md. */
export interface KnownDifference {
  readonly id: string
  readonly reason: string
  /** True for questions whose answers may differ for this reason. */
  readonly applies: (question: Question) => boolean
  /** Bodies that are asked in every run and must differ, so that the list holds nothing that is no longer so. */
  readonly examples: readonly Readonly<Record<string, unknown>>[]
}

/** Differences on purpose; any other is a failure. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = []
