/** Most values put into one `in (…)` of a statement. */
const MAX_IN_VALUES = 500

/** Cuts a list into pieces of at most `size`. */
export function* chunk<Item>(
  items: readonly Item[],
  size: number = MAX_IN_VALUES,
): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
