/** Texts that are too long for columns have more than so many units. */
export const MAX_SHORT_UNITS = 256

/** An event's time is no text: it is asked for as a time. */
export const NOT_TEXTS: ReadonlySet<string> = new Set(['datetime', 'timestamp'])
