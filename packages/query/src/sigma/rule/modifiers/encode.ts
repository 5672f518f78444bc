import { SigmaError } from '../../problem.ts'
import { plainString } from '../sigma-string.ts'
import type { SigmaString, StringPart } from '../value.ts'
import { eachString, expectPlainText, type ItemState, type Modifier } from './modifier.ts'

/** Where a text that begins with 0, 1 or 2 bytes of something else has its first sure character in Base64. */
const STARTS = [0, 2, 3] as const
/** How many characters at the end hang on what follows, by the length modulo 3. */
const UNSURE_ENDS = [0, 3, 2] as const

/** `utf16le` (`wide`), `utf16be`, `utf16` (with a byte order mark): the text as bytes. Wildcards stay. */
export function utf16(order: 'le' | 'be', hasMark: boolean): Modifier {
  return eachString((value, state, name) => {
    if (value.binary) throw new SigmaError('bad-rule', `"${name}" takes a text, found bytes`, state.place)
    const parts = value.parts.map(
      (part): StringPart =>
        part.kind === 'text' ? { kind: 'text', text: encodeUtf16(part.text, order) } : part,
    )
    const mark: readonly StringPart[] = hasMark ? [{ kind: 'text', text: encodeUtf16('\ufeff', order) }] : []
    return { ...value, parts: [...mark, ...parts], binary: true }
  })
}

/** `base64`: the text, or what `utf16` made of it, in Base64. */
export const base64: Modifier = eachString((value, state, name) => ({
  ...plainString(encodeBase64(readBytes(value, state, name))),
  cased: value.cased,
}))

/** `base64offset`: what of the text is there in Base64 whatever stands before and behind it, for its three positions. */
export const base64Offset: Modifier = eachString((value, state, name) => {
  const bytes = readBytes(value, state, name)
  const of = STARTS.map((start, offset) => {
    const text = encodeBase64(`${' '.repeat(offset)}${bytes}`)
    const end = text.length - UNSURE_ENDS[(bytes.length + offset) % 3]!
    return { ...plainString(text.slice(start, end)), cased: value.cased }
  })
  return { kind: 'any-of', of }
})

/** The bytes of a text, one character each. */
function readBytes(value: SigmaString, state: ItemState, name: string): string {
  const text = expectPlainText(value, state, name)
  return value.binary
    ? text
    : Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}

function encodeUtf16(text: string, order: 'le' | 'be'): string {
  let bytes = ''
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const [low, high] = [String.fromCharCode(unit & 0xff), String.fromCharCode(unit >> 8)]
    bytes += order === 'le' ? low + high : high + low
  }
  return bytes
}

function encodeBase64(bytes: string): string {
  return btoa(bytes)
}
