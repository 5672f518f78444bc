import type { RuleSet } from '@timeskein/analyze'
import {
  isPipeline,
  parseSigmaDocuments,
  type SigmaDocument,
  type SigmaProblem,
  type SigmaSource,
} from '@timeskein/query/sigma'
import { makeRuleUuid } from '../rules/make-rule-uuid.ts'
import type { RuleWithText } from '../rules/rule-service.ts'
import { SharedTime } from '../shared-time.ts'
import { listPipelines } from './list-pipelines.ts'

export { describeCompiler, packRuleSet, unpackRuleSet } from '@timeskein/analyze/detect'

/** Pipelines for rules of files. */
export interface GivenPipelines {
  /** Those of the library. */
  readonly kept: readonly SigmaSource[]
  /** Whether those among the files are used too. */
  readonly mayGive: boolean
}

/**
 * Rules of the library, by what was written of each. Filters and correlations of somebody change what becomes of the rules they
 * may change: all where they are an administrator's or the program's own.
 */
export async function readRuleTexts(rules: readonly RuleWithText[]): Promise<RuleSet> {
  const documents: SigmaDocument[] = []
  const problems: SigmaProblem[] = []
  const time = new SharedTime()
  for (const rule of rules) {
    await time.share()
    if (rule.kind === 'pipeline') continue
    const document = parseSigmaDocuments(rule).documents[rule.ordinal]
    if (!document) {
      const reason = `the rule ${rule.uuid} expected in what the library keeps of it, found none; add it again`
      problems.push({ code: 'bad-rule', file: rule.file, line: 1, column: 1, rule: undefined, reason })
      continue
    }
    const { owner } = rule
    const own = withId(document, rule.uuid)
    documents.push(owner && !owner.isAdmin ? { ...own, owner: String(owner.id) } : own)
  }
  return { documents, problems, pipelines: listPipelines(rules) }
}

/**
 * Rules of files, each named as the library would name it.
 */
export async function readRuleSources(
  sources: Iterable<SigmaSource>,
  pipelines: GivenPipelines,
  signal?: AbortSignal,
): Promise<RuleSet> {
  const documents: SigmaDocument[] = []
  const problems: SigmaProblem[] = []
  const own: SigmaSource[] = []
  const time = new SharedTime()
  for (const source of sources) {
    await time.share(signal)
    if (isPipeline(source)) {
      if (pipelines.mayGive) own.push(source)
      else problems.push(refusePipeline(source))
      continue
    }
    const read = parseSigmaDocuments(source)
    problems.push(...read.problems)
    for (const document of read.documents) documents.push(withId(document, makeRuleUuid(document)))
  }
  return { documents, problems, pipelines: [...pipelines.kept, ...own] }
}

function withId<Of extends SigmaDocument>(document: Of, id: string): Of {
  return { ...document, meta: { ...document.meta, id } }
}

function refusePipeline({ file }: SigmaSource): SigmaProblem {
  const reason = 'a rule expected, found a pipeline, which only an administrator may give'
  return { code: 'bad-pipeline', file, line: 1, column: 1, rule: undefined, reason }
}
