import type { SolJoin } from '@timeskein/query/sol'
import { listElements, readColumn, type SolRow, toSolValue } from './row.ts'
import type { RowWork } from './row-work.ts'

/** Rows that a join may make. */
const MAX_JOINED_ROWS = 1_000_000
/** Combinations of the values of one row's key columns: lists stand for each of their elements. */
const MAX_ROW_KEYS = 10_000

/**
 * Joins rows on equal keys. A key that is null equals nothing; a list on the left stands for each of its elements.
 *
 * @throws {RangeError} When more than a million rows would come of it, or lists in key columns stand for too many keys.
 */
export async function joinRows(
  left: readonly SolRow[],
  right: readonly SolRow[],
  { how, on, model, hasRightKeys }: SolJoin,
  work: RowWork,
): Promise<readonly SolRow[]> {
  const leftNames = on.map((pair) => pair.left)
  const rightNames = on.map((pair) => pair.right)
  if (how === 'rightanti') {
    const known = new Set<string>()
    for await (const some of work.walk(left))
      for (const row of some) for (const key of keysOf(row, leftNames)) known.add(key)
    return await work.filter(right, (row) => !keysOf(row, rightNames).some((key) => known.has(key)))
  }
  const byKey = new Map<string, SolRow[]>()
  for await (const some of work.walk(right))
    for (const row of some)
      for (const key of keysOf(row, rightNames)) {
        const found = byKey.get(key)
        if (found) found.push(row)
        else byKey.set(key, [row])
      }
  if (how === 'leftanti')
    return await work.filter(left, (row) => !keysOf(row, leftNames).some((key) => byKey.has(key)))
  const joined: SolRow[] = []
  for await (const some of work.walk(left))
    for (const row of some) {
      const partners = keysOf(row, leftNames).flatMap((key) => byKey.get(key) ?? [])
      for (const partner of partners) {
        const whole = { ...row, [model]: hasRightKeys ? partner : withoutKeys(partner, rightNames) }
        work.holdMade(Object.keys(whole).length)
        joined.push(whole)
        if (joined.length > MAX_JOINED_ROWS)
          throw new RangeError(
            `a join gives at most ${MAX_JOINED_ROWS} rows: narrow one of its sides with where, or join on more columns`,
          )
      }
      if (how === 'left' && partners.length === 0) joined.push({ ...row, [model]: null })
    }
  return joined
}

function withoutKeys(row: SolRow, names: readonly string[]): SolRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}

/** Each combination of the values of key columns; none where one of them is null. */
function keysOf(row: SolRow, names: readonly string[]): readonly string[] {
  let keys: readonly (readonly string[])[] = [[]]
  for (const name of names) {
    const values = listElements(toSolValue(readColumn(row, name))).filter((value) => value !== null)
    const texts = [
      ...new Set(values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))),
    ]
    if (keys.length * texts.length > MAX_ROW_KEYS)
      throw new RangeError(
        `the lists in the key columns ${names.join(', ')} of one row stand for at most ${MAX_ROW_KEYS} keys: join on fewer columns`,
      )
    keys = keys.flatMap((key) => texts.map((text) => [...key, text]))
  }
  return keys.map((key) => JSON.stringify(key))
}
