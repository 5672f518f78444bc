import { asksNothing, type PlannedCorrelation } from '../plan/plan-rules.ts'
import type { WhyNone } from '../settle/why-none.ts'

/**
 * Why a correlation found nothing, if it did.
 *
 * @param itemCount - Hits of its rules that have the fields it groups by.
 */
export function whyNoFinding(correlation: PlannedCorrelation, itemCount: number): WhyNone {
  if (asksNothing(correlation))
    return { reason: 'nothing-asked', detail: 'placeholders of its rules have no values' }
  return itemCount === 0
    ? { reason: 'rules', detail: 'its rules found nothing that has all of its fields' }
    : { reason: 'threshold', detail: `${itemCount} hits of its rules, never as it asks` }
}
