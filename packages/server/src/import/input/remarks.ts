import type { TimeNoteKind, TimeNotes } from '@timeskein/ingest'

/** Fields whose times are told by name; of a table of thousands of columns no one reads more. */
const MAX_FIELDS_TOLD = 20

/** A sentence about lines with bytes that are no UTF-8; none where there are none. */
export function describeBadLines(count: number): string[] {
  if (count === 0) return []
  const lines =
    count === 1
      ? '1 line held bytes that are no UTF-8; it is'
      : `${count} lines held bytes that are no UTF-8; they are`
  return [
    `${lines} kept with U+FFFD in their place, and what these bytes said is lost. A text of another encoding is read whole when its name is given (option "encoding" windows-1252, windows-1251, koi8-r, shift_jis, gbk …): import it so again, and delete the timeline that it is in now first, or its rows stand beside the new ones.`,
  ]
}

/**
 * Sentences about the times of rows that were kept: first values that could not be read, then those that were read in a way that
 * one has to know of. Of each kind there are `MAX_FIELDS_TOLD` at most, and one that counts the rest.
 *
 * @param isEveryTime - Each time of a row was to become an event.
 */
export function describeTimeNotes(notes: readonly TimeNotes[], isEveryTime: boolean): string[] {
  return KINDS.flatMap((kind) => {
    const ofKind = notes.filter((note) => note.kind === kind)
    const told = ofKind.slice(0, MAX_FIELDS_TOLD).map((note) => describeNote(note, isEveryTime))
    const others = ofKind.slice(MAX_FIELDS_TOLD)
    if (others.length === 0) return told
    const values = others.reduce((sum, { count }) => sum + count, 0)
    return [...told, `${values} values of ${others.length} more time fields ${REST[kind]}.`]
  })
}

const REST: Readonly<Record<TimeNoteKind, string>> = {
  unread: 'could not be read',
  'no-clock': 'have no clock time and were taken as midnight',
  'other-unit': "were read in another unit than their column's",
  'unknown-zone': 'have zones that are not known',
}
const KINDS: readonly TimeNoteKind[] = ['unread', 'no-clock', 'other-unit', 'unknown-zone']

function describeNote(note: TimeNotes, isEveryTime: boolean): string {
  const { kind, count, firstLine, detail } = note
  const isOne = count === 1
  const name = JSON.stringify(note.field.slice(0, 200))
  const values = `${count} ${isOne ? 'value' : 'values'} of the time field ${name}`
  const place = `${isOne ? '' : 'first in '}line ${firstLine}`
  switch (kind) {
    case 'unread': {
      const outcome = isEveryTime
        ? `no event was made of ${isOne ? 'it' : 'them'}`
        : `the ${isOne ? 'row has its' : 'rows have their'} time from another field`
      return `${values} could not be read, so ${outcome} (${place}: ${detail}).`
    }
    case 'no-clock':
      return `${values} ${isOne ? 'has' : 'have'} no clock time, so midnight was taken (${place}: ${detail}).`
    case 'other-unit':
      return `${values} ${isOne ? 'is a plausible time' : 'are plausible times'} only in another unit, in which ${isOne ? 'it was' : 'they were'} read (${place}: ${detail}).`
    case 'unknown-zone': {
      const zones =
        note.subject === undefined
          ? 'more zones that are not known'
          : `the zone ${JSON.stringify(note.subject.slice(0, 80))}, which is not known`
      return `${count} ${isOne ? 'row names' : 'rows name'} in ${name} ${zones}, so ${isOne ? 'its time was' : 'their times were'} ${detail} (${place}).`
    }
    default:
      return kind satisfies never
  }
}
