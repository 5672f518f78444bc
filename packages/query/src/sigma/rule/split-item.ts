import type { Detection, DetectionItem } from './rule.ts'
import type { SigmaValue } from './value.ts'

/**
 * Puts parts in place of the item they were split from. Each is negated as the item was; none of them holding is what its negation
 * means, so that what were alternatives must then hold together, and the other way round.
 *
 * @param linking - How the parts would be joined if the item were not negated.
 */
export function joinParts(
  linking: DetectionItem['linking'],
  { negated }: DetectionItem,
  of: readonly Detection[],
): Detection {
  const flipped = linking === 'all' ? 'any' : 'all'
  return of.length === 1 ? of[0]! : { kind: 'group', linking: negated ? flipped : linking, of }
}

/**
 * The item for a field that may have any of several names: its values are what stands under one of them, and it is missing where
 * none of them is there.
 */
export function askByNames(item: DetectionItem, names: readonly string[]): Detection {
  if (names.length === 1) return { ...item, field: names[0]! }
  const ask = (values: readonly SigmaValue[], linking: DetectionItem['linking']): readonly Detection[] => {
    if (values.length === 0) return []
    const of = names.map((field): DetectionItem => ({ ...item, field, values }))
    return [joinParts(linking, item, of)]
  }
  const present = item.values.filter((value) => !asksAbsence(value))
  const absent = item.values.filter(asksAbsence)
  return joinParts(item.linking, item, [...ask(present, 'any'), ...ask(absent, 'all')])
}

/** Whether a value is one that an event without the field has. */
export function asksAbsence(value: SigmaValue): boolean {
  if (value.kind === 'any-of') return value.of.every(asksAbsence)
  return value.kind === 'null' || (value.kind === 'exists' && !value.expected)
}
