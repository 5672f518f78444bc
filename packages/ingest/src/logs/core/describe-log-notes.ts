import type { LogNote, LogNoteKind } from './log-format.ts'
import { MAX_VALUES } from './own-fields.ts'

const SENTENCES: Readonly<Record<LogNoteKind, (lines: string, isOne: boolean) => string>> = {
  joined: (lines, isOne) =>
    `${lines} without a time of ${isOne ? 'its' : 'their'} own ${isOne ? 'was' : 'were'} added to the event above`,
  plain: (lines, isOne) =>
    `${lines} ${isOne ? 'is' : 'are'} written otherwise than the rest and ${isOne ? 'was' : 'were'} taken as plain text with the time found in ${isOne ? 'it' : 'them'}`,
  yearless: (lines, isOne) =>
    `${lines} ${isOne ? 'has a time' : 'have times'} without a year, which was taken for the latest one that is no later than the file's time of change, or than the present where that is not known; option "year" says in which year the first line was written`,
  'month-first': (lines, isOne) => describeShortYears(lines, isOne, 'month, day and year'),
  'day-first': (lines, isOne) => describeShortYears(lines, isOne, 'day, month and year'),
  'year-first': (lines, isOne) => describeShortYears(lines, isOne, 'year, month and day'),
  unfinished: (lines, isOne) =>
    `${isOne ? '1 event breaks' : `${lines.replace(/ lines$/, '')} events break`} off where more was to follow; what is there was taken`,
  values: (lines, isOne) =>
    `${lines} ${isOne ? 'has' : 'have'} values of a field of which the event has ${MAX_VALUES.toLocaleString('en')} others (MAX_VALUES); these stand in its message_body only`,
}

function describeShortYears(lines: string, isOne: boolean, order: string): string {
  return `${lines} ${isOne ? 'has a date whose year has two digits; it was' : 'have dates whose year has two digits; they were'} read as ${order}, by what the first lines show (option "day-first" says otherwise)`
}

/** Says in sentences what came to notice while a log was read, with the first place of each. */
export function describeLogNotes(notes: readonly LogNote[]): readonly string[] {
  const byKind = Map.groupBy(notes, ({ kind }) => kind)
  return [...byKind].map(([kind, group]) => {
    const count = group.reduce((sum, note) => sum + note.count, 0)
    const first = group.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
    const lines = count === 1 ? '1 line' : `${count.toLocaleString('en')} lines`
    return `${SENTENCES[kind](lines, count === 1)} (first at line ${first}).`
  })
}
