import { splitWildcard } from '@timeskein/query'
import type { ValueLeaf } from './field-test.ts'
import type { Matcher } from './matcher.ts'
import { type NumberTest, readNumberRange } from './number-test.ts'

/** What a value must be that is not of the type it is asked as. */
export type WrittenTest =
  /** Numbers and truth values, as they are written. */
  | { readonly kind: 'matcher'; readonly matcher: Matcher }
  /** Texts that are written as a number. */
  | { readonly kind: 'numeral'; readonly number: NumberTest }

/** What a leaf that does not mind types (`anyType`) asks of values of another type; undefined where none can answer. */
export function readWrittenTest(leaf: ValueLeaf): WrittenTest | undefined {
  if (leaf.kind === 'range' && leaf.anyType) {
    const number = readNumberRange(leaf)
    return number && { kind: 'numeral', number }
  }
  if (leaf.kind === 'wildcard' && leaf.anyType && isOfValue(leaf.pattern)) {
    return {
      kind: 'matcher',
      matcher: { kind: 'pattern', pattern: leaf.pattern, ignoreCase: leaf.caseInsensitive },
    }
  }
  if (leaf.kind === 'regexp' && leaf.anyType) {
    return {
      kind: 'matcher',
      matcher: { kind: 'regexp', pattern: leaf.pattern, ignoreCase: leaf.caseInsensitive },
    }
  }
  return undefined
}

/** True for a pattern whose texts can stand in a number or in `true` or `false`. */
function isOfValue(pattern: string): boolean {
  return splitWildcard(pattern).every((part) => {
    if (part.kind !== 'literal') return true
    const text = part.text.toLowerCase()
    return /^[\d.e+-]+$/.test(text) || 'true'.includes(text) || 'false'.includes(text)
  })
}
