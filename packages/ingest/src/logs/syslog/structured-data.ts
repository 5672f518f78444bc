import { OwnFields } from '../core/own-fields.ts'

/** A name: of an element, or of a parameter (RFC 5424, section 6.3.2 and 6.3.3). */
const NAME = /[^\s=\]"]{1,32}/y
/** What stands in quotes; backslash escapes `"`, `\` and `]` (section 6.3.3). */
const VALUE = /="([^"\\]*(?:\\.[^"\\]*)*)"/y
const ESCAPED = /\\(["\\\]])/g

const SPACE = 0x20
const OPENING = 0x5b
const CLOSING = 0x5d

/** Structured data and the text behind it. */
export interface StructuredData {
  /** Parameters by the ids of their elements. */
  readonly data: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
  readonly text: string
}

/** Reads what stands behind the message's id in a line of RFC 5424. What is no structured data stays text. */
export function readStructuredData(rest: string): StructuredData {
  if (rest === '-' || rest.startsWith('- ')) return { data: undefined, text: rest.slice(2) }
  const data = new OwnFields() as Record<string, Record<string, string>>
  let at = 0
  for (;;) {
    const end = readElement(rest, at, data)
    if (end < 0) break
    at = end
  }
  if (at === 0) return { data: undefined, text: rest }
  return { data, text: rest.slice(rest.charCodeAt(at) === SPACE ? at + 1 : at) }
}

/** Reads the element that begins at a place; the place behind it, or -1 where there is none. */
function readElement(text: string, start: number, data: Record<string, Record<string, string>>): number {
  if (text.charCodeAt(start) !== OPENING) return -1
  const id = match(NAME, text, start + 1)?.[0]
  if (id === undefined) return -1
  const parameters = new OwnFields() as Record<string, string>
  let at = start + 1 + id.length
  while (text.charCodeAt(at) === SPACE) {
    const name = match(NAME, text, at + 1)?.[0]
    const value = name === undefined ? undefined : match(VALUE, text, at + 1 + name.length)
    if (name === undefined || !value) return -1
    const written = value[1]!
    parameters[name] = written.includes('\\') ? written.replace(ESCAPED, '$1') : written
    at += 1 + name.length + value[0].length
  }
  if (text.charCodeAt(at) !== CLOSING) return -1
  data[id] = parameters
  return at + 1
}

function match(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at
  return expression.exec(text)
}
