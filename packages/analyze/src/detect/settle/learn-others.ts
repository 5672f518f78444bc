import type { IndexReading } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import type { ValuesKnown } from './known-values.ts'

/** Predicates that no field's values alone decide: only whether their fields are there can be told. */
export function learnOthers(
  index: IndexReading,
  table: PredicateTable,
): Pick<ValuesKnown, 'possible' | 'present'> {
  const possible = new Uint8Array(table.all.length)
  const present = new Set<string>()
  for (const { number, field, query } of table.all) {
    if (field !== undefined) continue
    const named = 'field' in query && query.field !== undefined ? query.field : undefined
    const needed = query.kind === 'fields' ? [query.field, query.other] : named === undefined ? [] : [named]
    const isThere = needed.every((name) => isPresent(index, name, query.kind === 'exists'))
    if (isThere) {
      possible[number] = 1
      for (const name of needed) present.add(name)
    }
  }
  return { possible, present }
}

/** @param orInside - An object counts as there when one of its members is. */
function isPresent(index: IndexReading, field: string, orInside: boolean): boolean {
  if (index.placeOf(field) !== 'nowhere') return true
  if (!orInside) return false
  for (const name of index.fieldNames) if (name.startsWith(`${field}.`)) return true
  return false
}
