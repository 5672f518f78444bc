/**
 * Makes the names of a header usable: trimmed, none empty (`column_N`, counted from 1), none twice (`name_2`, `name_3`).
 *
 * @param cells - The header's cells as they stand.
 */
export function makeUniqueNames(cells: readonly string[]): string[] {
  const given = new Set(cells.map((cell) => cell.trim()))
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const wanted = cell.trim() || `column_${index + 1}`
    let name = wanted
    for (let copy = 2; taken.has(name) || (name !== cell.trim() && given.has(name)); copy++)
      name = `${wanted}_${copy}`
    taken.add(name)
    return name
  })
}

/** Names for columns that have none: `column_1`, `column_2` … */
export function nameColumns(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `column_${index + 1}`)
}
