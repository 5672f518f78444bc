import { type Buffer, isUtf8 } from 'node:buffer'
import { addOwnValue, nameOwnField, OwnFields } from '../logs/core/own-fields.ts'
import { type EntryPlace, findEntry } from './walk-entries.ts'

/** An entry's values by their fields' names in events. `datetime` stands in front of them, for whoever knows the time. */
export interface JournalEntry extends Omit<EntryPlace, 'fields'> {
  readonly fields: Record<string, unknown>
  /** Values that were left out, see `addOwnValue`. */
  readonly leftOut: number
}

/** Reads the entry that begins at a place, or behind blank lines there; undefined where nothing follows. */
export function readAnyEntry(bytes: Buffer, at: number): JournalEntry | undefined {
  const place = findEntry(bytes, at)
  if (place === undefined) return undefined
  const fields = makeFields()
  let leftOut = 0
  for (const { name, value } of place.fields) {
    const field = nameOwnField(bytes.toString('utf8', ...name), PREFIX)
    if (!addOwnValue(fields, field, readValue(bytes.subarray(...value)))) leftOut++
  }
  const { start, end, damage, isOpen } = place
  return { start, end, damage, isOpen, fields, leftOut }
}

const LF = 0x0a
const EQUALS = '='
const ENTRY_END = '\n\n'
const PREFIX = 'journal'
/** Units of a name that is surely none of those that are too long. */
const MAX_PLAIN_NAME = 64

/** Reads entries that are text throughout, as most are. One for each reader: it remembers the names of the last entry. */
export class PlainEntryReader {
  #names: FieldName[] = []

  /** As `readAnyEntry` for such an entry; undefined for all others. */
  read(bytes: Buffer, start: number): JournalEntry | undefined {
    if (bytes[start] === LF) return undefined
    const found = bytes.indexOf(ENTRY_END, start, 'latin1')
    if (found < 0 || !isUtf8(bytes.subarray(start, found))) return undefined
    const text = bytes.toString('utf8', start, found)
    const fields = makeFields()
    let leftOut = 0
    for (let at = 0, i = 0; at < text.length; i++) {
      const lineEnd = text.indexOf('\n', at)
      const end = lineEnd < 0 ? text.length : lineEnd
      const name = this.#readName(text, at, i)
      const valueAt = at + (name?.start.length ?? 0)
      // Without a name that ends in this line, it is that of a value whose length is told.
      if (name === undefined || valueAt > end) return undefined
      if (!addOwnValue(fields, name.field, text.slice(valueAt, end))) leftOut++
      at = end + 1
    }
    return { start, end: found + ENTRY_END.length, damage: undefined, isOpen: false, fields, leftOut }
  }

  /** The name that a line begins with, the entry's field of that number. */
  #readName(text: string, at: number, number: number): FieldName | undefined {
    const expected = this.#names[number]
    if (expected !== undefined && text.startsWith(expected.start, at)) return expected
    const equals = text.indexOf(EQUALS, at)
    if (equals <= at || equals - at > MAX_PLAIN_NAME) return undefined
    const name = text.slice(at, equals)
    const found = { start: name + EQUALS, field: nameOwnField(name, PREFIX) }
    this.#names[number] = found
    return found
  }
}

/** A field's name as it stands in front of its value, and in events. */
interface FieldName {
  readonly start: string
  readonly field: string
}

function makeFields(): Record<string, unknown> {
  const fields = new OwnFields()
  fields['datetime'] = ''
  return fields
}

/** Texts as they are; what is none as hexadecimal digits. */
function readValue(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('hex')
}
