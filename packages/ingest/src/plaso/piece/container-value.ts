import { MAX_VALUE_DEPTH } from '../limits.ts'

/** A number that Python keeps as a float, or that JSON cannot write: `1.0` and `1` differ in messages. */
export class PlasoFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A tuple of Python: like a list, but written with parentheses. */
export class PlasoTuple {
  readonly values: readonly Value[]

  constructor(values: readonly Value[]) {
    this.values = values
  }
}

/** A time (dfDateTime) as it is stored, among the attributes of event data. */
export class PlasoTime {
  readonly members: Readonly<Record<string, unknown>>

  constructor(members: Readonly<Record<string, unknown>>) {
    this.members = members
  }
}

/** A path specification among the attributes, as files before 2021 have it. */
export class PlasoPath {
  readonly members: Readonly<Record<string, unknown>>

  constructor(members: Readonly<Record<string, unknown>>) {
    this.members = members
  }
}

/** A value of an attribute. Integers beyond 2^53 are bigints. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | PlasoFloat
  | PlasoTuple
  | PlasoTime
  | PlasoPath
  | readonly Value[]
  | ReadonlyMap<string, Value>

/** Attributes of event data in the order in which they were stored, without those that are null. */
export interface Attributes extends Iterable<readonly [name: string, value: Value]> {
  get(name: string): Value | undefined
  has(name: string): boolean
}

/** Whether a member of event data says what the object is, and is no attribute. */
export function isTypeName(name: string): boolean {
  return name === '__type__' || name === '__container_type__'
}

/** A float without a fraction, as Python writes it. */
const WHOLE_FLOAT = /\.0[,\]}]/

/**
 * Reads the JSON text of event data.
 *
 * @throws Error When it is no JSON, no object, or nested deeper than `MAX_VALUE_DEPTH`.
 */
export function parseAttributes(text: string): Attributes {
  const quick = text.includes('.0') && WHOLE_FLOAT.test(text) ? undefined : parseQuickly(text)
  if (quick !== undefined) {
    const found: Found = { isRounded: false }
    const attributes = readMembers(quick, found)
    if (!found.isRounded) return attributes
  }
  return readMembers(new CarefulParser(text).parse(), { isRounded: false })
}

/** What came to notice while values were read. */
interface Found {
  /** Numbers that `JSON.parse` may have changed; those of times, which are not shown, may be. */
  isRounded: boolean
}

function readMembers(parsed: unknown, found: Found): Attributes {
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new Error('expected a JSON object')
  const attributes = new Map<string, Value>()
  // Just seen to be an object.
  const members = parsed as Record<string, unknown>
  for (const name in members) {
    if (isTypeName(name)) continue
    const value = members[name]
    if (value === null) continue
    attributes.set(name, typeof value === 'string' ? value : unwrap(value, 0, found))
  }
  return attributes
}

/**
 * Reads the JSON text of one value, of which it is known that no number in it needs care.
 *
 * @throws Error When it is no JSON, or nested deeper than `MAX_VALUE_DEPTH`.
 */
export function parseValue(text: string): Value {
  return unwrap(JSON.parse(text), 0, { isRounded: false })
}

/** @returns Undefined for what is no JSON, which Python's `NaN` is not either. */
function parseQuickly(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The careful parser says what is wrong, if something is.
    return undefined
  }
}

function unwrap(value: unknown, depth: number, found: Found): Value {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) found.isRounded = true
    // JSON has no others, the careful parser bigints beside.
    return value as Value
  }
  if (depth > MAX_VALUE_DEPTH)
    throw new Error(`expected at most ${MAX_VALUE_DEPTH} levels of values (MAX_VALUE_DEPTH), found more`)
  if (value instanceof PlasoFloat) return value
  if (Array.isArray(value)) return value.map((item) => unwrap(item, depth + 1, found))
  // Neither null nor a list.
  const members = value as Record<string, unknown>
  switch (members['__type__']) {
    case 'tuple':
      return new PlasoTuple(toList(members['values']).map((item) => unwrap(item, depth + 1, found)))
    case 'DateTimeValues':
      return new PlasoTime(members)
    case 'PathSpec':
      return new PlasoPath(members)
    case 'bytes':
      return readBytes(members)
    default:
      return new Map(Object.entries(members).map(([name, item]) => [name, unwrap(item, depth + 1, found)]))
  }
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The stream is quoted-printable (RFC 2045, section 6.7) whatever the encoding is called; without one it is text. */
function readBytes({ stream, __encoding__: encoding }: Readonly<Record<string, unknown>>): string {
  const text = typeof stream === 'string' ? stream : ''
  if (encoding === undefined) return text
  return text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

const TOKEN =
  /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+)(?![.eE\d])|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)|(true|false|null))/y

/** Reads JSON as Python writes it: with `NaN` and `Infinity`, whole numbers of any size, floats told from integers. */
class CarefulParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): unknown {
    const value = this.#value(0)
    if (this.#text.slice(this.#at).trim() !== '') this.#fail('the end of the object')
    return value
  }

  #value(depth: number): unknown {
    if (depth > MAX_VALUE_DEPTH)
      throw new Error(`expected at most ${MAX_VALUE_DEPTH} levels of values (MAX_VALUE_DEPTH), found more`)
    const [, mark, string, integer, float, word] = this.#next()
    if (mark === '{') return this.#members(depth)
    if (mark === '[') return this.#items(depth)
    if (string !== undefined) return JSON.parse(string)
    if (integer !== undefined) {
      const value = Number(integer)
      return Number.isSafeInteger(value) ? value : BigInt(integer)
    }
    if (float !== undefined) return new PlasoFloat(Number(float))
    if (word !== undefined) return word === 'null' ? null : word === 'true'
    return this.#fail('a value')
  }

  #members(depth: number): Record<string, unknown> {
    const members: Record<string, unknown> = Object.create(null)
    if (this.#accept('}')) return members
    for (;;) {
      const [, , name] = this.#next()
      if (name === undefined) this.#fail('a name')
      this.#expect(':')
      members[JSON.parse(name!)] = this.#value(depth + 1)
      if (this.#accept('}')) return members
      this.#expect(',')
    }
  }

  #items(depth: number): unknown[] {
    const items: unknown[] = []
    if (this.#accept(']')) return items
    for (;;) {
      items.push(this.#value(depth + 1))
      if (this.#accept(']')) return items
      this.#expect(',')
    }
  }

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.#at
    const found = TOKEN.exec(this.#text)
    if (found === null) return this.#fail('JSON')
    this.#at = TOKEN.lastIndex
    return found
  }

  #accept(mark: string): boolean {
    const before = this.#at
    if (this.#next()[1] === mark) return true
    this.#at = before
    return false
  }

  #expect(mark: string): void {
    if (this.#next()[1] !== mark) this.#fail(`'${mark}'`)
  }

  #fail(expected: string): never {
    throw new Error(`expected ${expected} at character ${this.#at + 1} of the event data`)
  }
}
