import type { RuleSet } from '@timeskein/analyze'
import type { SigmaDocument, SigmaFilter } from '@timeskein/query/sigma'

/**
 * Some rules and correlations of a set, with all filters that are for them, and its pipelines: false positives are kept away whichever rules are run.
 *
 * @param only - Ids of rules.
 */
export function selectRules({ documents, problems, pipelines }: RuleSet, only: ReadonlySet<string>): RuleSet {
  const isChosen = ({ meta }: SigmaDocument): boolean => only.has(meta.id ?? '')
  const chosen = listReferences(documents.filter(isChosen))
  const others = listReferences(documents.filter((document) => !isChosen(document)))
  // What a filter says of rules that are not run is no mistake of it.
  const matters = (reference: string): boolean => {
    const isAmong = (some: ReadonlySet<string | undefined>): boolean =>
      some.has(reference) || some.has(reference.toLowerCase())
    return isAmong(chosen) || !isAmong(others)
  }
  const narrow = (filter: SigmaFilter): readonly SigmaFilter[] => {
    if (filter.rules === 'any') return [filter]
    const rules = filter.rules.filter(matters)
    return rules.length === 0 ? [] : [{ ...filter, rules }]
  }
  return {
    documents: documents.flatMap((document): readonly SigmaDocument[] => {
      if (document.kind === 'filter') return narrow(document)
      return isChosen(document) ? [document] : []
    }),
    problems,
    ...(pipelines ? { pipelines } : {}),
  }
}

function listReferences(documents: readonly SigmaDocument[]): ReadonlySet<string | undefined> {
  return new Set(
    documents.flatMap(({ kind, meta }) => (kind === 'filter' ? [] : [meta.id?.toLowerCase(), meta.name])),
  )
}
