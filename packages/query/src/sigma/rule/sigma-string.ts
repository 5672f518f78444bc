import { MAX_EXPANSION } from '../limits.ts'
import { SigmaError, type SigmaPlace } from '../problem.ts'
import type { SigmaString, StringPart } from './value.ts'

const RUN: StringPart = { kind: 'run' }
const ONE: StringPart = { kind: 'one' }

/**
 * Reads a text of a rule: `*` and `?` are wildcards, `\` before one of them or before another `\` takes it as it is, any other
 * `\` stands for itself (Sigma rules specification 2.1.0, "Escape Character").
 */
export function parseSigmaString(text: string): SigmaString {
  return { kind: 'string', parts: readParts(text), cased: false, binary: false }
}

function readParts(text: string): readonly StringPart[] {
  if (!/[*?\\]/.test(text)) return text === '' ? [] : [{ kind: 'text', text }]
  const parts: StringPart[] = []
  let plain = ''
  const flush = (): void => {
    if (plain !== '') parts.push({ kind: 'text', text: plain })
    plain = ''
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    const next = text[at + 1]
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      plain += next
      at++
    } else if (character === '*' || character === '?') {
      flush()
      parts.push(character === '*' ? RUN : ONE)
    } else plain += character
  }
  flush()
  return parts
}

/** A text that stands for itself. */
export function plainString(text: string): SigmaString {
  const parts: readonly StringPart[] = text === '' ? [] : [{ kind: 'text', text }]
  return { kind: 'string', parts, cased: false, binary: false }
}

/** Puts `*` at the ends where there is none. */
export function openEnds(string: SigmaString, start: boolean, end: boolean): SigmaString {
  const parts = [...string.parts]
  if (start && parts[0]?.kind !== 'run') parts.unshift(RUN)
  if (end && parts.at(-1)?.kind !== 'run') parts.push(RUN)
  return { ...string, parts }
}

export function hasWildcards(parts: readonly StringPart[]): boolean {
  return parts.some((part) => part.kind === 'run' || part.kind === 'one')
}

/** Names of the placeholders that nothing has been put in place of. */
export function listPlaceholders(parts: readonly StringPart[]): readonly string[] {
  return parts.flatMap((part) => (part.kind === 'placeholder' ? [part.name] : []))
}

/** The text of parts that are nothing but text; undefined for others. */
export function plainTextOf(parts: readonly StringPart[]): string | undefined {
  let text = ''
  for (const part of parts) {
    if (part.kind !== 'text') return undefined
    text += part.text
  }
  return text
}

/** The parts as they would be written in a rule, but for backslashes: signs that are no wildcards are escaped. */
export function writeParts(parts: readonly StringPart[]): string {
  return parts.map(writePart).join('')
}

function writePart(part: StringPart): string {
  switch (part.kind) {
    case 'text':
      return part.text.replaceAll(/[*?]/g, '\\$&')
    case 'run':
      return '*'
    case 'one':
      return '?'
    case 'placeholder':
      return `%${part.name}%`
  }
}

/** Neighbouring texts as one. */
export function joinTexts(parts: readonly StringPart[]): readonly StringPart[] {
  const joined: StringPart[] = []
  for (const part of parts) {
    const before = joined.at(-1)
    if (part.kind === 'text' && before?.kind === 'text')
      joined[joined.length - 1] = { kind: 'text', text: before.text + part.text }
    else if (part.kind !== 'text' || part.text !== '') joined.push(part)
  }
  return joined
}

/**
 * Makes all the combinations of what single parts may become.
 *
 * @param choose - What a part becomes: each element is one choice, a row of parts.
 * @throws {SigmaError} When there are more than `MAX_EXPANSION`.
 */
export function expandParts(
  parts: readonly StringPart[],
  choose: (part: StringPart) => readonly (readonly StringPart[])[],
  place: SigmaPlace,
): readonly (readonly StringPart[])[] {
  let made: (readonly StringPart[])[] = [[]]
  for (const part of parts) {
    const choices = choose(part)
    if (made.length * choices.length > MAX_EXPANSION) throw tooManyTexts(place)
    made = made.flatMap((start) => choices.map((choice) => [...start, ...choice]))
  }
  return made.map(joinTexts)
}

/** The error for values that stand for more than `MAX_EXPANSION` texts. */
export function tooManyTexts(place: SigmaPlace): SigmaError {
  return new SigmaError('unsupported', `values that stand for at most ${MAX_EXPANSION} texts expected`, place)
}
