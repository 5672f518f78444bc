const MONTHS: ReadonlyMap<string, number> = new Map(
  [
    ['jan', 'january'],
    ['feb', 'february'],
    ['mar', 'march'],
    ['apr', 'april'],
    ['may'],
    ['jun', 'june'],
    ['jul', 'july'],
    ['aug', 'august'],
    ['sep', 'sept', 'september'],
    ['oct', 'october'],
    ['nov', 'november'],
    ['dec', 'december'],
  ].flatMap((names, index) => names.map((name) => [name, index + 1] as const)),
)

const WEEKDAYS: ReadonlySet<string> = new Set([
  ...['mon', 'tue', 'tues', 'wed', 'thu', 'thur', 'thurs', 'fri', 'sat', 'sun'],
  ...['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
])

/** The number (1 to 12) of an English month, whole or shortened, in lower case; undefined for other words. */
export function findMonth(word: string): number | undefined {
  return MONTHS.get(word)
}

/** Whether a word in lower case is an English day of the week, whole or shortened. */
export function isWeekday(word: string): boolean {
  return WEEKDAYS.has(word)
}
