import { SigmaError } from '../../problem.ts'
import { plainString } from '../sigma-string.ts'
import type { SigmaString, StringPart } from '../value.ts'
import { encodeBase64, encodeUtf16, listBase64Offsets } from './byte-text.ts'
import { eachString, expectPlainText, type ItemState, type Modifier } from './modifier.ts'

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
  const of = listBase64Offsets(bytes).map((text) => ({ ...plainString(text), cased: value.cased }))
  return { kind: 'any-of', of }
})

/** The bytes of a text, one character each. */
function readBytes(value: SigmaString, state: ItemState, name: string): string {
  const text = expectPlainText(value, state, name)
  return value.binary
    ? text
    : Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}
