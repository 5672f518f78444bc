import type { LogSource } from '@timeskein/query/sigma'
import type { LogSourceCoverage, TechniqueCoverage } from '../contract/detect-report.ts'

/** How one rule did, for the sums of coverage. */
export interface RuleOutcome {
  readonly logSource: LogSource | undefined
  readonly tags: readonly string[]
  readonly hits: number
  /** Log source, fields and values are there. */
  readonly isAble: boolean
  readonly hasLogSource: boolean
}

/** Sums by log source, those with most rules first. */
export function coverLogSources(outcomes: readonly RuleOutcome[]): readonly LogSourceCoverage[] {
  const sums = new Map<string, { -readonly [Key in keyof LogSourceCoverage]: LogSourceCoverage[Key] }>()
  for (const { logSource, hits, isAble, hasLogSource } of outcomes) {
    if (!logSource) continue
    const { category, product, service } = logSource
    const key = JSON.stringify([category ?? null, product ?? null, service ?? null])
    let sum = sums.get(key)
    if (!sum) {
      sum = { category, product, service, rules: 0, able: 0, matched: 0, hits: 0, isPresent: false }
      sums.set(key, sum)
    }
    addOutcome(sum, hits, isAble)
    sum.isPresent ||= hasLogSource
  }
  return [...sums.values()].sort((a, b) => b.rules - a.rules)
}

const TECHNIQUE_TAG = /^attack\.(t\d{4}(?:\.\d{3})?)$/i

/** Sums by ATT&CK technique, by its number. */
export function coverTechniques(outcomes: readonly RuleOutcome[]): readonly TechniqueCoverage[] {
  const sums = new Map<string, { -readonly [Key in keyof TechniqueCoverage]: TechniqueCoverage[Key] }>()
  for (const { tags, hits, isAble } of outcomes) {
    const techniques = new Set(tags.flatMap((tag) => TECHNIQUE_TAG.exec(tag)?.[1]?.toUpperCase() ?? []))
    for (const technique of techniques) {
      let sum = sums.get(technique)
      if (!sum) {
        sum = { technique, rules: 0, able: 0, matched: 0, hits: 0 }
        sums.set(technique, sum)
      }
      addOutcome(sum, hits, isAble)
    }
  }
  return [...sums.values()].sort((a, b) => (a.technique < b.technique ? -1 : 1))
}

function addOutcome(
  sum: { rules: number; able: number; matched: number; hits: number },
  hits: number,
  isAble: boolean,
): void {
  sum.rules++
  if (isAble) sum.able++
  if (hits > 0) sum.matched++
  sum.hits += hits
}
