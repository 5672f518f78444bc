import type { SigmaSource } from '@timeskein/query/sigma'
import type { RuleWithText } from '../rules/rule-service.ts'

/** The pipelines among what the library keeps. One whose owner is an administrator no more is left out. */
export function listPipelines(all: Iterable<RuleWithText>): readonly SigmaSource[] {
  return [...all]
    .filter(({ kind, owner }) => kind === 'pipeline' && (owner?.isAdmin ?? true))
    .map(({ file, text }) => ({ file, text }))
}
