import type { EventSeverity, RISK_LEVELS } from '@timeskein/model/elements'

type RiskLevel = (typeof RISK_LEVELS)[number]

/** The first severity, 0 to 100, of each word; the gravest first. */
const EVENT_LEVELS: readonly (readonly [EventSeverity, number])[] = [
  ['critical', 70],
  ['warning', 40],
  ['info', 0],
]
const RISK_STEPS: readonly (readonly [RiskLevel, number])[] = [
  ['severe', 80],
  ['high', 60],
  ['medium', 40],
  ['low', 20],
  ['info', 0],
]

/** The word of security events for a severity of 0 to 100. */
export function toEventSeverity(severity: number): EventSeverity {
  return EVENT_LEVELS.find(([, from]) => severity >= from)?.[0] ?? 'info'
}

/** The word of incidents and detections for a risk or severity of 0 to 100. */
export function toRiskLevel(risk: number): RiskLevel {
  return RISK_STEPS.find(([, from]) => risk >= from)?.[0] ?? 'info'
}

/** The severities that have a word of security events, both ends included. */
export function rangeOfEventSeverity(word: EventSeverity): { readonly from: number; readonly to: number } {
  return rangeOf(EVENT_LEVELS, word)
}

/** The risks that have a word, both ends included. */
export function rangeOfRiskLevel(word: RiskLevel): { readonly from: number; readonly to: number } {
  return rangeOf(RISK_STEPS, word)
}

function rangeOf<Word extends string>(
  steps: readonly (readonly [Word, number])[],
  word: Word,
): { readonly from: number; readonly to: number } {
  const at = steps.findIndex(([one]) => one === word)
  const above = steps[at - 1]
  return { from: steps[at]?.[1] ?? 0, to: above === undefined ? 100 : above[1] - 1 }
}
