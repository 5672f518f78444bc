import {
  type Attributes,
  PlasoFloat,
  PlasoPath,
  PlasoTime,
  PlasoTuple,
  type Value,
} from './container-value.ts'

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

/** Fields of the file that event data come from. */
export const STREAM_FIELDS = ['md5_hash', 'sha1_hash', 'sha256_hash', 'file_entropy'] as const

/** Writes members of one JSON object after the other; each name once. */
export class DocumentWriter {
  #text = ''
  readonly #quoted = new Map<string, string>()
  /** What stands in front of an attribute's value; empty for those that are not shown. */
  readonly #shown = new Map<string, string>()

  /** Begins anew. */
  start(): void {
    this.#text = ''
  }

  /** The members that were written, each with a comma in front. */
  get text(): string {
    return this.#text
  }

  addText(name: string, value: string): void {
    this.#text += this.#quote(name) + JSON.stringify(value)
  }

  /** Adds a member whose value is JSON already. */
  addJson(name: string, json: string): void {
    this.#text += this.#quote(name) + json
  }

  /** Adds all attributes that are shown: no times, nothing internal, under another name where an event has such a field itself. */
  addAttributes(attributes: Attributes): void {
    for (const [name, value] of attributes) {
      const shown = this.#shown.get(name) ?? this.#show(name)
      if (shown === '') continue
      const json =
        typeof value === 'string'
          ? JSON.stringify(value)
          : name === 'inode'
            ? quoteInode(value)
            : toJson(value)
      if (json !== undefined) this.#text += shown + json
    }
  }

  #show(name: string): string {
    const isHidden = name.charCodeAt(0) === UNDERSCORE || SHOWN_OTHERWISE.has(name)
    const shown = isHidden ? '' : this.#quote(OWN_FIELDS.has(name) ? `stored_${name}` : name)
    if (this.#shown.size < MAX_REMEMBERED_NAMES) this.#shown.set(name, shown)
    return shown
  }

  #quote(name: string): string {
    let quoted = this.#quoted.get(name)
    if (quoted === undefined) {
      quoted = `,${JSON.stringify(name)}:`
      if (this.#quoted.size < MAX_REMEMBERED_NAMES) this.#quoted.set(name, quoted)
    }
    return quoted
  }
}

const UNDERSCORE = 0x5f
const MAX_REMEMBERED_NAMES = 20_000

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

/** JSON has no infinities: they are texts. A whole float keeps its point, so that it stays a float. */
function writeNumber(value: number): string {
  if (!Number.isFinite(value)) return `"${String(value)}"`
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value)
}
