import { Buffer } from 'node:buffer'
import { MAX_REMEMBERED_NAME_LENGTH } from '../limits.ts'
import {
  type Attributes,
  PlasoFloat,
  PlasoPath,
  PlasoTime,
  PlasoTuple,
  type Value,
} from './container-value.ts'
import type { RowText } from './row-text.ts'
import { STORED, type StoredAttributes } from './stored-attributes.ts'

/** Fields that every event has of its own; an attribute of such a name goes by `stored_…`. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'datetime',
  'timestamp',
  'timestamp_desc',
  'message',
  'data_type',
  'parser',
  'display_name',
  'source_short',
  'source_long',
  'tag',
  'path_spec',
])

/** Attributes of older releases that are shown otherwise. */
const SHOWN_OTHERWISE: ReadonlySet<string> = new Set([
  'data_type',
  'display_name',
  'parser',
  'pathspec',
  'path_spec',
  'timestamp_desc',
])

/** Writes members of one JSON object after the other, each with a comma in front. */
export class DocumentWriter {
  readonly #text: RowText
  readonly #names = new Map<string, Uint8Array>()
  /** What stands in front of an attribute's value; empty for those that are not shown. */
  readonly #shown = new Map<string, Uint8Array>()
  /** Members whose values are the same again and again, by name and value. */
  readonly #repeated = new Map<string, Map<string, Uint8Array>>()

  constructor(text: RowText) {
    this.#text = text
  }

  addText(name: string, value: string): void {
    this.addJson(name, JSON.stringify(value))
  }

  /** Adds a text of which there are few. */
  addRepeatedText(name: string, value: string): void {
    let known = this.#repeated.get(name)
    if (known === undefined) {
      known = new Map()
      this.#repeated.set(name, known)
    }
    let member = known.get(value)
    if (member === undefined) {
      member = writeMember(name, JSON.stringify(value))
      if (known.size < MAX_REMEMBERED_VALUES && member.length < MAX_REMEMBERED_BYTES) known.set(value, member)
    }
    this.#text.put(member)
  }

  /**
   * Adds a text as it stands among attributes.
   *
   * @returns False where it is not there, empty, or spelled otherwise than we do.
   */
  copyText(name: string, attribute: string, attributes: StoredAttributes): boolean {
    const member = attributes.find(attribute)
    const isText = member?.kind === STORED.plainText || member?.kind === STORED.text
    if (!isText || member.end - member.start === EMPTY_BYTES) return false
    this.#text.put(this.#nameOf(name))
    attributes.copyValue(member, this.#text)
    return true
  }

  /** Adds a member whose value is JSON already. */
  addJson(name: string, json: string): void {
    this.#text.put(this.#nameOf(name))
    this.#text.write(json)
  }

  /** Adds members that are written already. */
  addMembers(members: Uint8Array): void {
    this.#text.put(members)
  }

  /** Adds all attributes that are shown: no times, nothing internal, under another name where an event has such a field itself. */
  addAttributes(attributes: Attributes): void {
    for (const [name, value] of attributes) {
      const shown = this.#shownAs(name)
      if (shown.length > 0) this.#addValue(shown, name, value)
    }
  }

  /** As `addAttributes`, copied from their text. */
  copyAttributes(attributes: StoredAttributes): void {
    const text = this.#text
    const { members, count } = attributes
    for (let i = 0; i < count; i++) {
      const member = members[i]!
      const { kind } = member
      if (kind === 0 || kind === STORED.time) continue
      member.shown ??= this.#shownAs(member.name)
      const { shown } = member
      if (shown.length === 0) continue
      if (kind === STORED.spelledText || kind === STORED.nested || member.name === 'inode')
        this.#addValue(shown, member.name, attributes.get(member.name)!)
      else {
        text.put(shown)
        attributes.copyValue(member, text)
      }
    }
  }

  #addValue(shown: Uint8Array, name: string, value: Value): void {
    const json = name === 'inode' ? quoteInode(value) : toJson(value)
    if (json === undefined) return
    this.#text.put(shown)
    this.#text.write(json)
  }

  #shownAs(name: string): Uint8Array {
    let shown = this.#shown.get(name)
    if (shown === undefined) {
      const isHidden = name.charCodeAt(0) === UNDERSCORE || SHOWN_OTHERWISE.has(name)
      shown = isHidden ? NOTHING : this.#nameOf(OWN_FIELDS.has(name) ? `stored_${name}` : name)
      if (isKept(name, this.#shown)) this.#shown.set(name, shown)
    }
    return shown
  }

  #nameOf(name: string): Uint8Array {
    let written = this.#names.get(name)
    if (written === undefined) {
      written = writeMember(name, '')
      if (isKept(name, this.#names)) this.#names.set(name, written)
    }
    return written
  }
}

function isKept(name: string, { size }: ReadonlyMap<string, Uint8Array>): boolean {
  return size < MAX_REMEMBERED_NAMES && name.length <= MAX_REMEMBERED_NAME_LENGTH
}

/** A member of a JSON object with a comma in front. */
export function writeMember(name: string, json: string): Uint8Array {
  return Buffer.from(`,${JSON.stringify(name)}:${json}`)
}

const NOTHING = new Uint8Array(0)
const UNDERSCORE = 0x5f
const MAX_REMEMBERED_NAMES = 20_000
/** Bytes of an empty text. */
const EMPTY_BYTES = 2
const MAX_REMEMBERED_VALUES = 2000
const MAX_REMEMBERED_BYTES = 200

function quoteInode(value: Value): string | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? `"${value}"` : toJson(value)
}

/** A value as JSON; undefined for times, and lists of them. */
export function toJson(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return writeObject(value)
  }
}

function writeObject(value: Exclude<Value, string | number | bigint | boolean>): string | undefined {
  if (value === null) return 'null'
  if (value instanceof PlasoFloat) return writeNumber(value.value)
  if (value instanceof PlasoTime || value instanceof PlasoPath) return undefined
  if (value instanceof PlasoTuple) return writeList(value.values)
  if (value instanceof Map) {
    const members = [...value].flatMap(([name, item]) => {
      const json = toJson(item)
      return json === undefined ? [] : [`${JSON.stringify(name)}:${json}`]
    })
    return `{${members.join(',')}}`
  }
  // What is left of `Value`.
  return writeList(value as readonly Value[])
}

function writeList(items: readonly Value[]): string | undefined {
  if (items[0] instanceof PlasoTime) return undefined
  return `[${items.map((item) => toJson(item) ?? 'null').join(',')}]`
}

/** JSON has no infinities: they are texts. A whole float keeps its point, or has an exponent as Python writes it, so that it stays a float. */
function writeNumber(value: number): string {
  if (!Number.isFinite(value)) return `"${String(value)}"`
  if (!Number.isInteger(value)) return String(value)
  return Math.abs(value) < 1e16 ? `${value}.0` : value.toExponential()
}
