/** Characters of names that one operation is told by. */
const MAX_NAMES_LENGTH = 1000

/** The names as the log tells them; of very many the first ones and how many there are. */
export function describeNames(names: readonly string[]): string {
  const text = names.join(', ')
  return names.length === 1 || text.length <= MAX_NAMES_LENGTH
    ? text
    : `${text.slice(0, MAX_NAMES_LENGTH)}… (${names.length} names)`
}
