import { type CodePointRange, MAX_CODE_POINT } from '../../../lucene/code-points.ts'
import { findRegexpFault } from '../../../lucene/regexp.ts'
import { SigmaError } from '../../problem.ts'
import type { RegexpFlags } from '../../rule/value.ts'
import { parsePcre } from './parse-pcre.ts'
import type { PcreNode } from './pcre-node.ts'
import { resolveAssertions } from './resolve-assertions.ts'

/** An expression in the tree's own syntax (Lucene's, whole values). */
export interface CompiledRegexp {
  readonly pattern: string
  readonly caseInsensitive: boolean
}

/**
 * Compiles a rule's regular expression, which is found anywhere in a value, to one that is held against whole values and runs
 * in linear time.
 *
 * @returns Undefined for one that no text can match.
 * @throws {SigmaError} `bad-rule` where it has no meaning, `unsupported` where it cannot be run.
 */
export function compileRegexp(source: string, flags: RegexpFlags): CompiledRegexp | undefined {
  let parsed = parsePcre(source, flags, false)
  const isMixed = parsed.hasCased && parsed.hasUncased
  if (isMixed) parsed = parsePcre(source, flags, true)
  const node = resolveAssertions(parsed.node)
  if (!node) return undefined
  const pattern = write(node)
  const fault = findRegexpFault(pattern)
  if (fault)
    throw new SigmaError('unsupported', `the regular expression is too large to be run: ${fault.sentence}`)
  return { pattern, caseInsensitive: parsed.hasUncased && !isMixed }
}

function write(node: PcreNode): string {
  switch (node.kind) {
    case 'set':
      return writeSet(node.ranges)
    case 'sequence':
      if (node.of.length === 0) return '()'
      return node.of.map((part) => (part.kind === 'union' ? `(${write(part)})` : write(part))).join('')
    case 'union':
      return node.of.map(write).join('|')
    case 'repeat':
      return writeRepeat(node)
    case 'assertion':
      throw new RangeError(`writing a regular expression: no assertion expected, found ${node.at}`)
  }
}

function writeRepeat({ of, least, most }: PcreNode & { readonly kind: 'repeat' }): string {
  const operand = of.kind === 'set' ? write(of) : `(${write(of)})`
  if (most === undefined)
    return least === 0 ? `${operand}*` : least === 1 ? `${operand}+` : `${operand}{${least},}`
  if (least === 0 && most === 1) return `${operand}?`
  return least === most ? `${operand}{${least}}` : `${operand}{${least},${most}}`
}

function writeSet(ranges: readonly CodePointRange[]): string {
  const [only, ...others] = ranges
  // No character at all.
  if (!only) return '#'
  if (others.length === 0) {
    if (only[0] === 0 && only[1] === MAX_CODE_POINT) return '.'
    if (only[0] === only[1]) return writeCharacter(only[0])
  }
  return `[${ranges.map(writeRange).join('')}]`
}

function writeRange([first, last]: CodePointRange): string {
  if (first === last) return writeCharacter(first)
  return `${writeCharacter(first)}-${writeCharacter(last)}`
}

/** Signs of ASCII mean themselves behind a backslash, in and out of brackets. */
function writeCharacter(code: number): string {
  const character = String.fromCodePoint(code)
  return /[!-/:-@[-`{-~]/.test(character) ? `\\${character}` : character
}
