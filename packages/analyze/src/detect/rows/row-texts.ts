import type { SourceBytes } from '@timeskein/store'

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d])

const PLAIN_NAME = /^[A-Za-z_]+$/
/** Letters may be written so, also those of names: a digit from 4 to 7 follows, and of control characters another one. */
const ASCII_ESCAPE = Buffer.from('\\u00')
const [DIGIT_4, DIGIT_7] = [0x34, 0x37]

/** The texts of one event: of a field by itself where its bytes tell it, and else of all of it, read as JSON once. */
export class RowTexts {
  readonly #bytes: Buffer
  readonly #byField = new Map<string, string | undefined>()
  readonly #foldedByField = new Map<string, string | undefined>()
  #event: unknown
  #hasLetterEscapes: boolean | undefined

  constructor({ bytes, offsets }: SourceBytes, row: number) {
    this.#bytes = bytes.subarray(offsets[row]!, offsets[row + 1]!)
  }

  /** The whole event. */
  get event(): unknown {
    this.#event ??= JSON.parse(this.#bytes.toString())
    return this.#event
  }

  /** The only text of a field that is known to have one; undefined where bytes do not tell: then the event does. */
  textOf(field: string): string | undefined {
    // A name with dots may stand in several ways, one inside of the other.
    if (!PLAIN_NAME.test(field)) return undefined
    if (!this.#byField.has(field)) {
      this.#hasLetterEscapes ??= holdsLetterEscapes(this.#bytes)
      this.#byField.set(field, this.#hasLetterEscapes ? undefined : cutText(this.#bytes, field))
    }
    return this.#byField.get(field)
  }

  /** The same in lower case, for many questions that ignore case. */
  foldedTextOf(field: string): string | undefined {
    if (!this.#foldedByField.has(field)) this.#foldedByField.set(field, this.textOf(field)?.toLowerCase())
    return this.#foldedByField.get(field)
  }
}

function holdsLetterEscapes(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(ASCII_ESCAPE); at >= 0; at = bytes.indexOf(ASCII_ESCAPE, at + 1)) {
    const digit = bytes[at + ASCII_ESCAPE.length]!
    if (digit >= DIGIT_4 && digit <= DIGIT_7) return true
  }
  return false
}

/** The text behind a name that stands once; undefined where it stands more often, or something else is behind it. */
function cutText(bytes: Buffer, field: string): string | undefined {
  const name = `"${field}"`
  const at = bytes.indexOf(name)
  if (at < 0 || bytes.indexOf(name, at + 1) >= 0) return undefined
  const colon = skipSpaces(bytes, at + name.length)
  const start = skipSpaces(bytes, colon + 1)
  if (bytes[colon] !== COLON || bytes[start] !== QUOTE) return undefined
  let end = bytes.indexOf(QUOTE, start + 1)
  while (end > 0 && isEscaped(bytes, end)) end = bytes.indexOf(QUOTE, end + 1)
  return end < 0 ? undefined : JSON.parse(bytes.toString('utf8', start, end + 1))
}

function skipSpaces(bytes: Buffer, from: number): number {
  let at = from
  while (SPACES.has(bytes[at]!)) at++
  return at
}

/** Whether an odd number of backslashes stands before a byte. */
function isEscaped(bytes: Buffer, at: number): boolean {
  let before = at - 1
  while (bytes[before] === BACKSLASH) before--
  return (at - before) % 2 === 0
}
