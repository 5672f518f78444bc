import { SigmaError } from '../../problem.ts'
import type { RegexpFlags, SigmaRegexp, SigmaValue } from '../value.ts'
import { eachValue, type Modifier, mismatch } from './modifier.ts'

/** `re`: the text is a regular expression, as it stands. */
export const regexp: Modifier = (state, name) => {
  if (state.applied.length > 0)
    throw new SigmaError(
      'bad-rule',
      `the modifier "${name}" must be the first, found after "${state.applied.at(-1)}"`,
      state.place,
    )
  const values = state.values.map((value): SigmaValue => {
    if (value.kind !== 'string') throw mismatch(name, 'a text', value, state)
    return { kind: 'regexp', parts: value.parts, flags: { i: false, m: false, s: false } }
  })
  return { ...state, values }
}

/** `i`, `m`, `s` behind `re`. */
export function regexpFlag(flag: keyof RegexpFlags): Modifier {
  return eachValue((value, state, name): SigmaValue => {
    if (value.kind !== 'regexp') throw mismatch(name, 'a regular expression (after "re")', value, state)
    return { ...value, flags: { ...value.flags, [flag]: true } }
  })
}

/** A regular expression at the beginning or end of a value; it is found anywhere in it without that. */
export function anchorRegexp(value: SigmaRegexp, how: 'contains' | 'startswith' | 'endswith'): SigmaRegexp {
  if (how === 'contains') return value
  const [before, after] = how === 'startswith' ? ['\\A(?:', ')'] : ['(?:', ')\\z']
  return { ...value, parts: [{ kind: 'text', text: before }, ...value.parts, { kind: 'text', text: after }] }
}
