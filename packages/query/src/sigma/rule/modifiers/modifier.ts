import { MAX_EXPANSION } from '../../limits.ts'
import { SigmaError, type SigmaPlace } from '../../problem.ts'
import { parseSigmaString, tooManyTexts } from '../sigma-string.ts'
import type { SigmaString, SigmaValue } from '../value.ts'

/** A field with its values on the way through its modifiers. */
export interface ItemState {
  readonly field: string | undefined
  readonly values: readonly SigmaValue[]
  readonly linking: 'all' | 'any'
  readonly negated: boolean
  /** Modifiers before this one. */
  readonly applied: readonly string[]
  readonly place: SigmaPlace
}

/** Turns a field and its values into what the modifier makes of them. Throws `SigmaError` for values it is not for. */
export type Modifier = (state: ItemState, name: string) => ItemState

/** A modifier that looks at each value by itself; what other modifiers made several of stays together. */
export function eachValue(
  change: (value: SigmaValue, state: ItemState, name: string) => SigmaValue,
): Modifier {
  return (state, name) => {
    let count = 0
    const changeInside = (value: SigmaValue): SigmaValue => {
      if (value.kind === 'any-of') return { kind: 'any-of', of: value.of.map(changeInside) }
      const changed = change(value, state, name)
      if (changed.kind === 'any-of') count += changed.of.length
      if (count > MAX_EXPANSION) throw tooManyTexts(state.place)
      return changed
    }
    return { ...state, values: state.values.map(changeInside) }
  }
}

/** A modifier for texts; numbers and truth values are taken as they are written. */
export function eachString(
  change: (value: SigmaString, state: ItemState, name: string) => SigmaValue,
): Modifier {
  return eachValue((value, state, name) => change(expectString(value, state, name), state, name))
}

/** The value as a text. */
export function expectString(value: SigmaValue, state: ItemState, name: string): SigmaString {
  switch (value.kind) {
    case 'string':
      return value
    case 'number':
      return parseSigmaString(value.text)
    case 'boolean':
      return parseSigmaString(String(value.value))
    default:
      throw mismatch(name, 'a text', value, state)
  }
}

/** The value as plain text, for modifiers that know no wildcards. */
export function expectPlainText(value: SigmaString, state: ItemState, name: string): string {
  let text = ''
  for (const part of value.parts) {
    if (part.kind !== 'text') throw mismatch(name, 'a text without wildcards or placeholders', value, state)
    text += part.text
  }
  return text
}

/** The error for a value that a modifier is not for. */
export function mismatch(name: string, expected: string, found: SigmaValue, state: ItemState): SigmaError {
  const what: Readonly<Record<SigmaValue['kind'], string>> = {
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
    null: 'null',
    regexp: 'a regular expression',
    network: 'a network',
    comparison: 'a comparison',
    exists: 'a question for existence',
    'field-reference': 'a field reference',
    'time-part': 'a part of a time',
    'any-of': 'several values',
    'query-expression': 'a query expression',
  }
  const isText = found.kind === 'string' && expected.startsWith('a text')
  const value = isText ? 'one with them' : what[found.kind]
  return new SigmaError('bad-rule', `the modifier "${name}" takes ${expected}, found ${value}`, state.place)
}
