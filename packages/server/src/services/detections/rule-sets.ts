import type { RuleSet } from '@timeskein/analyze'
import { parseSigmaDocuments, type SigmaDocument, type SigmaSource } from '@timeskein/query/sigma'
import { readRules } from '../rules/read-rules.ts'
import type { RuleWithText } from '../rules/rule-service.ts'

export { packRuleSet, unpackRuleSet } from '@timeskein/analyze/detect'

/**
 * Rules of the library, by what was written of each. Filters and correlations of somebody change what becomes of the rules they
 * may change: all where they are an administrator's or the program's own.
 */
export function readRuleTexts(rules: Iterable<RuleWithText>): RuleSet {
  const documents: SigmaDocument[] = []
  for (const rule of rules) {
    const document = parseSigmaDocuments(rule).documents[rule.ordinal]
    if (!document) continue
    const { owner } = rule
    const own = withId(document, rule.uuid)
    documents.push(owner && !owner.isAdmin ? { ...own, owner: String(owner.id) } : own)
  }
  return { documents, problems: [] }
}

/** Rules of files, each named as the library would name it. */
export function readRuleSources(sources: Iterable<SigmaSource>): RuleSet {
  const read = [...sources].map(readRules)
  return {
    documents: read.flatMap(({ rules }) => rules.map(({ document, uuid }) => withId(document, uuid))),
    problems: read.flatMap(({ failed }) => failed),
  }
}

function withId<Of extends SigmaDocument>(document: Of, id: string): Of {
  return { ...document, meta: { ...document.meta, id } }
}
