import type { ValueGroups, ValueKind } from '@timeskein/store'
import type { FieldValues } from '../settle/known-values.ts'

/** Values of a field put together that answer the same predicates, of those that still matter. */
export interface ValueClasses {
  /** The class of each value. */
  readonly groups: ValueGroups
  readonly count: number
  /** Classes whose values answer a predicate. */
  readonly byPredicate: ReadonlyMap<number, readonly number[]>
}

/** @param matters - 1 for predicates that rules still ask for. */
export function classify(values: FieldValues, matters: Uint8Array): ValueClasses {
  const numbers = new Map<string, number>()
  const byPredicate = new Map<number, number[]>()
  const groups = new Map<ValueKind, Map<string, number>>()
  for (const [kind, texts] of values) {
    const classes = new Map<string, number>()
    for (const [text, answered] of texts) {
      const left = answered.filter((predicate) => matters[predicate] === 1)
      if (left.length === 0) continue
      const key = left.sort((a, b) => a - b).join()
      let number = numbers.get(key)
      if (number === undefined) {
        number = numbers.size
        numbers.set(key, number)
        for (const predicate of left) {
          const list = byPredicate.get(predicate)
          if (list) list.push(number)
          else byPredicate.set(predicate, [number])
        }
      }
      classes.set(text, number)
    }
    if (classes.size > 0) groups.set(kind, classes)
  }
  return { groups, count: numbers.size, byPredicate }
}
