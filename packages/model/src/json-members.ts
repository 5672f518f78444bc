import { UsualNames } from './usual-names.ts'

/**
 * Reads JSON text by its outermost layer only: which members an object has and where their values stand, without making
 * values of them. Texts are valid JSON (RFC 8259): they come from the store, which takes nothing else.
 */

/**
 * The members of a JSON object as text, by name. Of a name that stands twice the last value counts, as in `JSON.parse`.
 *
 * @param wanted - Only these. @default all
 * @throws {SyntaxError} When the text is no JSON object.
 */
export function splitMembers(text: string, wanted?: ReadonlySet<string>): Map<string, string> {
  const members = new Map<string, string>()
  visitMembers(text, wanted, (name, value) => members.set(name, value))
  return members
}

/**
 * The members of a JSON object as text, in the order of their coming, all of those that have the same name.
 *
 * @throws {SyntaxError} When the text is no JSON object.
 */
export function listMembers(text: string): [name: string, value: string][] {
  const members: [string, string][] = []
  visitMembers(text, undefined, (name, value) => members.push([name, value]))
  return members
}

function visitMembers(
  text: string,
  wanted: ReadonlySet<string> | undefined,
  visit: (name: string, value: string) => void,
): void {
  let at = skipBlanks(text, 0)
  if (text.charCodeAt(at) !== OPEN_BRACE) throw unexpected(text, at)
  at = skipBlanks(text, at + 1)
  if (text.charCodeAt(at) === CLOSE_BRACE) return
  for (let place = 0; ; place++) {
    if (text.charCodeAt(at) !== QUOTE) throw unexpected(text, at)
    let name = usualNames.recognise(place, text, at)
    if (name !== undefined) at = skipBlanks(text, at + name.length + 2)
    else {
      const nameEnd = findStringEnd(text, at)
      const raw = text.slice(at + 1, nameEnd - 1)
      name = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : usualNames.learn(place, raw)
      at = skipBlanks(text, nameEnd)
    }
    if (text.charCodeAt(at) !== COLON) throw unexpected(text, at)
    at = skipBlanks(text, at + 1)
    const valueEnd = findValueEnd(text, at)
    if (wanted === undefined || wanted.has(name)) visit(name, text.slice(at, valueEnd))
    at = skipBlanks(text, valueEnd)
    const next = text.charCodeAt(at)
    if (next === CLOSE_BRACE) return
    if (next !== COMMA) throw unexpected(text, at)
    at = skipBlanks(text, at + 1)
  }
}

/**
 * The elements of a JSON array as text.
 *
 * @throws {SyntaxError} When the text is no JSON array.
 */
export function splitElements(text: string): string[] {
  const elements: string[] = []
  let at = skipBlanks(text, 0)
  if (text.charCodeAt(at) !== OPEN_BRACKET) throw unexpected(text, at)
  at = skipBlanks(text, at + 1)
  if (text.charCodeAt(at) === CLOSE_BRACKET) return elements
  for (;;) {
    const end = findValueEnd(text, at)
    elements.push(text.slice(at, end))
    at = skipBlanks(text, end)
    const next = text.charCodeAt(at)
    if (next === CLOSE_BRACKET) return elements
    if (next !== COMMA) throw unexpected(text, at)
    at = skipBlanks(text, at + 1)
  }
}

/** Writes members as one JSON object. */
export function joinMembers(members: Iterable<readonly [string, string]>): string {
  let text = '{'
  let separator = ''
  for (const [name, value] of members) {
    text += `${separator}${JSON.stringify(name)}:${value}`
    separator = ','
  }
  return `${text}}`
}

const usualNames = new UsualNames()

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

function skipBlanks(text: string, start: number): number {
  let at = start
  while (isBlank(text.charCodeAt(at))) at++
  return at
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** Where the string that begins at `start` ends (exclusive, after its quote). */
function findStringEnd(text: string, start: number): number {
  let at = start
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at === -1) throw unexpected(text, text.length)
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return at + 1
  }
}

function findValueEnd(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (first === QUOTE) return findStringEnd(text, start)
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return findContainerEnd(text, start)
  let at = start
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isBlank(code)) break
  }
  if (at === start) throw unexpected(text, at)
  return at
}

function findContainerEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = findStringEnd(text, at) - 1
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return at + 1
  }
  throw unexpected(text, text.length)
}

function unexpected(text: string, at: number): SyntaxError {
  const found = at < text.length ? `'${text.slice(at, at + 10)}'` : 'the end'
  return new SyntaxError(`This is not the JSON that was expected: ${found} at character ${at}.`)
}
