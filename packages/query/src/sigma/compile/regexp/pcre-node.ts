import { type CodePointRange, MAX_CODE_POINT } from '../../../lucene/code-points.ts'

/** A regular expression of a rule, read. */
export type PcreNode =
  /** One character out of ranges (inclusive), which ascend and do not touch. */
  | { readonly kind: 'set'; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: 'sequence' | 'union'; readonly of: readonly PcreNode[] }
  /** `most` undefined: no upper end. */
  | {
      readonly kind: 'repeat'
      readonly of: PcreNode
      readonly least: number
      readonly most: number | undefined
    }
  | Assertion

/**
 * A place in the text: its start, its end, its end or before a line end there (`$`), a line's start or end, a word's edge or none.
 */
export interface Assertion {
  readonly kind: 'assertion'
  readonly at: 'start' | 'end' | 'end-or-newline' | 'line-start' | 'line-end' | 'boundary' | 'no-boundary'
}

/** Every character. */
export const ANY: readonly CodePointRange[] = [[0, MAX_CODE_POINT]]
/** PCRE's `\s`: tab, line feed, vertical tab, form feed, carriage return, blank. */
export const SPACES: readonly CodePointRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
]
export const NEWLINE: readonly CodePointRange[] = [[0x0a, 0x0a]]

/** Any run of characters. */
export const ANY_RUN: PcreNode = {
  kind: 'repeat',
  of: { kind: 'set', ranges: ANY },
  least: 0,
  most: undefined,
}

/** Ranges in order, joined where they touch. */
export function uniteRanges(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
  const sorted = ranges.toSorted(([a], [b]) => a - b)
  const united: [number, number][] = []
  for (const [first, last] of sorted) {
    const before = united.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else united.push([first, last])
  }
  return united
}

/** Characters of both. */
export function intersectRanges(
  a: readonly CodePointRange[],
  b: readonly CodePointRange[],
): readonly CodePointRange[] {
  const common: CodePointRange[] = []
  for (const [first, last] of a) {
    for (const [other, otherLast] of b) {
      const [from, to] = [Math.max(first, other), Math.min(last, otherLast)]
      if (from <= to) common.push([from, to])
    }
  }
  return uniteRanges(common)
}

/** The characters and their other cases. */
export function foldRanges(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
  const folded: CodePointRange[] = [...ranges]
  for (const [first, last] of ranges) {
    // Beyond the first thousands of characters large ranges are whole alphabets with both cases in them.
    for (let code = first; code <= Math.min(last, first + 2000); code++) {
      const character = String.fromCodePoint(code)
      for (const other of [character.toLowerCase(), character.toUpperCase()]) {
        const otherCode = other.codePointAt(0)!
        if (otherCode !== code && other.length === character.length) folded.push([otherCode, otherCode])
      }
    }
  }
  return uniteRanges(folded)
}

/** Whether the empty text matches; of an assertion, that it takes no character. */
export function isNullable(node: PcreNode): boolean {
  switch (node.kind) {
    case 'set':
      return false
    case 'sequence':
      return node.of.every(isNullable)
    case 'union':
      return node.of.some(isNullable)
    case 'repeat':
      return node.least === 0 || isNullable(node.of)
    case 'assertion':
      return true
  }
}

export function hasAssertion(node: PcreNode): boolean {
  switch (node.kind) {
    case 'set':
      return false
    case 'assertion':
      return true
    case 'repeat':
      return hasAssertion(node.of)
    default:
      return node.of.some(hasAssertion)
  }
}
