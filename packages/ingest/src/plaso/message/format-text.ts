import type { Value } from '../piece/container-value.ts'
import { formatPython, toPythonText } from './python-text.ts'
import type { Values } from './values.ts'

/** A text with places for attributes, taken apart. */
export type FormatText = readonly (string | FormatSlot)[]

/** A place for an attribute, with how it is written (`04x`; '' for plain). */
export interface FormatSlot {
  readonly name: string
  readonly spec: string
}

/**
 * Takes a format string of Python (`str.format`) apart: `{name}`, `{name:spec}`, `{{` and `}}`. A brace that opens nothing stands
 * for itself.
 */
export function parseFormat(format: string): FormatText {
  const parts: (string | FormatSlot)[] = []
  let literal = ''
  let at = 0
  while (at < format.length) {
    const char = format[at]!
    if ((char === '{' || char === '}') && format[at + 1] === char) {
      literal += char
      at += 2
      continue
    }
    const end = char === '{' ? format.indexOf('}', at) : -1
    if (end < 0) {
      literal += char
      at++
      continue
    }
    const [name = '', ...spec] = format.slice(at + 1, end).split(':')
    if (literal !== '') parts.push(literal)
    literal = ''
    parts.push({ name: name.split('!')[0]!, spec: spec.join(':') })
    at = end + 1
  }
  if (literal !== '') parts.push(literal)
  return parts
}

/** Puts values into a text; undefined where one is not there. */
export function fillFormat(format: FormatText, values: Values): string | undefined {
  let text = ''
  for (const part of format) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const value = values.get(part.name)
    if (value === undefined) return undefined
    text += writeValue(value, part.spec)
  }
  return text
}

/** A value in its place; one that its spec does not fit is written plainly. */
export function writeValue(value: Value, spec: string): string {
  if (spec === '' && typeof value === 'string') return value
  return formatPython(value, spec) ?? toPythonText(value)
}

/** Messages have one line: breaks go, and nothing takes their place. */
export function removeBreaks(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replaceAll(/[\r\n]/g, '') : text
}
