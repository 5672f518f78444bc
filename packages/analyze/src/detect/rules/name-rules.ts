import type { SigmaCorrelation, SigmaDocument, SigmaPlace, SigmaRule } from '@timeskein/query/sigma'
import type { DetectRule } from '../contract/rule-set.ts'

/** A rule or correlation of a set with its name, by where it stands. */
export type RuleNames = ReadonlyMap<SigmaPlace, DetectRule>

/** Names the rules and correlations of a set. */
export function nameRules(documents: readonly SigmaDocument[]): RuleNames {
  const names = new Map<SigmaPlace, DetectRule>()
  const used = new Map<string, number>()
  for (const document of documents) {
    if (document.kind === 'filter') continue
    const { meta, place } = document
    const base = meta.id?.toLowerCase() ?? `${place.file}:${place.line}`
    const times = (used.get(base) ?? 0) + 1
    used.set(base, times)
    const key = times === 1 ? base : `${base}#${times}`
    names.set(place, nameRule(document, key))
  }
  return names
}

function nameRule({ kind, meta, place }: SigmaRule | SigmaCorrelation, key: string): DetectRule {
  return {
    key,
    kind,
    id: meta.id,
    title: meta.title,
    description: meta.description,
    level: meta.level,
    status: meta.status,
    tags: meta.tags,
    file: place.file,
    line: place.line,
  }
}
