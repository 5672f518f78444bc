import { expandParts, openEnds } from '../sigma-string.ts'
import type { SigmaValue, StringPart } from '../value.ts'
import { eachString, eachValue, expectPlainText, expectString, type Modifier } from './modifier.ts'
import { anchorRegexp } from './regexp.ts'

type Place = 'contains' | 'startswith' | 'endswith'

/** `contains`, `startswith`, `endswith`: of texts, regular expressions and references to fields. */
export function atPlace(how: Place): Modifier {
  return eachValue((value, state, name): SigmaValue => {
    if (value.kind === 'field-reference') return { ...value, how }
    if (value.kind === 'regexp') return anchorRegexp(value, how)
    return openEnds(expectString(value, state, name), how !== 'startswith', how !== 'endswith')
  })
}

/** `cased`: case matters. */
export const cased: Modifier = eachValue((value, state, name): SigmaValue => {
  if (value.kind === 'field-reference') return { ...value, cased: true }
  return { ...expectString(value, state, name), cased: true }
})

/** `fieldref`: the value of another field. */
export const fieldReference: Modifier = eachString((value, state, name) => ({
  kind: 'field-reference',
  field: expectPlainText(value, state, name),
  how: 'equal',
  cased: value.cased,
}))

/** `expand`: `%name%` is a placeholder, `\%` a sign. */
export const expand: Modifier = eachValue((value, state, name): SigmaValue => {
  if (value.kind === 'regexp') return { ...value, parts: value.parts.flatMap(splitPlaceholders) }
  const string = expectString(value, state, name)
  return { ...string, parts: string.parts.flatMap(splitPlaceholders) }
})

function splitPlaceholders(part: StringPart): readonly StringPart[] {
  if (part.kind !== 'text') return [part]
  const parts: StringPart[] = []
  let at = 0
  const push = (text: string): void => {
    if (text !== '') parts.push({ kind: 'text', text: text.replaceAll('\\%', '%') })
  }
  for (const match of part.text.matchAll(/(?<!\\)%([^%]+)%/g)) {
    push(part.text.slice(at, match.index))
    parts.push({ kind: 'placeholder', name: match[1]! })
    at = match.index + match[0].length
  }
  push(part.text.slice(at))
  return parts
}

/** The signs that begin an option of a Windows command: hyphen, slash, en dash, em dash, horizontal bar. */
const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'] as const
/** One of them before a word and not behind one: the second of `-a-b` belongs to the word. */
const DASH = /(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])/gu

/** Splits a text so that each sign that `windash` varies is a part by itself. */
function splitDashes(part: StringPart): readonly StringPart[] {
  if (part.kind !== 'text') return [part]
  const parts: StringPart[] = []
  let at = 0
  for (const { index } of part.text.matchAll(DASH)) {
    if (index > at) parts.push({ kind: 'text', text: part.text.slice(at, index) })
    parts.push({ kind: 'placeholder', name: DASH_MARK })
    at = index + 1
  }
  if (at < part.text.length) parts.push({ kind: 'text', text: part.text.slice(at) })
  return parts
}

/** No placeholder of a rule: their names have no percent sign. */
const DASH_MARK = '%dash'

/** `windash`: the text with each of the signs in each place. */
export const windash: Modifier = eachString((value, { place }) => {
  const parts = value.parts.flatMap(splitDashes)
  const choose = (part: StringPart): readonly (readonly StringPart[])[] =>
    part.kind === 'placeholder' && part.name === DASH_MARK
      ? DASHES.map((text) => [{ kind: 'text', text }])
      : [[part]]
  const variants = expandParts(parts, choose, place)
  return { kind: 'any-of', of: variants.map((variant) => ({ ...value, parts: variant })) }
})
