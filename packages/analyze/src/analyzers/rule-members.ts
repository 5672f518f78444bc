import type { AnalyzerParameters } from './analyzer.ts'

/** A member of a rule that is text; undefined when it is missing, empty or something else. */
export function ruleText(members: AnalyzerParameters, name: string): string | undefined {
  const value = members[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A member of a rule that is a list of texts, or one text; other elements are left out. */
export function ruleTexts(members: AnalyzerParameters, name: string): readonly string[] {
  const value = members[name]
  if (typeof value === 'string') return value === '' ? [] : [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** A member of a rule that says yes or no. */
export function ruleFlag(members: AnalyzerParameters, name: string, fallback: boolean): boolean {
  const value = members[name]
  return typeof value === 'boolean' ? value : fallback
}

/** A member of a rule that is an object; without members when it is something else. */
export function ruleObject(members: AnalyzerParameters, name: string): AnalyzerParameters {
  const value = members[name]
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as AnalyzerParameters)
    : {}
}
