import { type TextTest, textAlone } from '../match/field-test.ts'
import type { Matcher } from '../match/matcher.ts'
import type { PlanNode } from './plan-node.ts'

/** So many patterns are held against words together; fewer are quicker one by one, as plain text is looked for then. */
const MIN_WORD_PATTERNS = 16
/** The same for patterns of whole values, each of which costs a statement, as against fetching every value. */
const MIN_WHOLE_PATTERNS = 64

/** What one place is asked for. */
type Lookup = PlanNode & { readonly kind: 'field' | 'anywhere' }

/** Alternatives that one place can be asked for together. */
interface Joint {
  readonly parts: Lookup[]
  /** Fewer stay apart. */
  readonly least: number
}

/**
 * Makes one of alternatives that ask the same place for different texts or patterns, as lists of indicators do, and
 * leaves out such as come again: thousands of them are looked up together, in one pass over a segment's words or one statement.
 */
export function mergeAlternatives(parts: readonly PlanNode[]): PlanNode[] {
  const joints = new Map<string, Joint>()
  const others = new Map<string, PlanNode>()
  for (const part of parts.length < MIN_WORD_PATTERNS ? parts : parts.flatMap(splitEither)) {
    const place = isLookup(part) ? placeOf(part) : undefined
    if (!isLookup(part) || place === undefined) others.set(keyOf(part), part)
    else {
      const known = joints.get(place.name)
      if (known) known.parts.push(part)
      else joints.set(place.name, { parts: [part], least: place.least })
    }
  }
  const merged: PlanNode[] = []
  for (const { parts: some, least } of joints.values()) {
    if (some.length >= least) merged.push(join(some))
    else for (const part of some) others.set(keyOf(part), part)
  }
  return [...merged, ...others.values()]
}

function isLookup(part: PlanNode): part is Lookup {
  return part.kind === 'field' || part.kind === 'anywhere'
}

/** A part that asks for words or else for whole values, as two. */
function splitEither(part: PlanNode): readonly PlanNode[] {
  const text = isLookup(part) ? textAlone(part.test) : undefined
  if (!isLookup(part) || text?.kind !== 'either') return [part]
  return text.of.map((one) => ({ ...part, test: { text: one } }))
}

/** Names what a part looks at, if what is asked there can be asked together. */
function placeOf(part: Lookup): { readonly name: string; readonly least: number } | undefined {
  const text = textAlone(part.test)
  const way = text && wayOf(text)
  if (!way || (part.kind === 'anywhere' && part.span)) return undefined
  const where = part.kind === 'field' ? [part.target.name, part.target.view] : []
  return { name: JSON.stringify([...way.name, ...where]), least: way.least }
}

/** Tests of the same name can be made one. */
function wayOf(
  text: TextTest,
): { readonly name: readonly (string | boolean)[]; readonly least: number } | undefined {
  if (text.kind === 'words') {
    return text.operator === 'or' || text.tokens.length === 1 ? { name: ['words'], least: 1 } : undefined
  }
  if (text.kind !== 'word' && text.kind !== 'whole') return undefined
  const { kind, matcher } = text
  const length = text.kind === 'whole' && text.maxUnits === Number.POSITIVE_INFINITY ? 'any' : 'short'
  if (matcher.kind === 'pattern') {
    const least = kind === 'word' ? MIN_WORD_PATTERNS : MIN_WHOLE_PATTERNS
    return { name: [kind, 'patterns', length, matcher.ignoreCase], least }
  }
  // Long values are looked for by the words of their text: of many texts they would all be candidates.
  if (kind === 'word' || length === 'any') return undefined
  const isText = matcher.kind === 'oneOf' || (matcher.kind === 'equal' && !matcher.ignoreCase)
  return isText ? { name: [kind, 'texts'], least: 1 } : undefined
}

function keyOf(part: PlanNode): string {
  return JSON.stringify(part, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    return value instanceof Set ? [...value] : value
  })
}

/** Makes one part of some that ask one place. */
function join(parts: readonly Lookup[]): PlanNode {
  const [first] = parts
  if (parts.length === 1) return first!
  const texts = parts.flatMap(({ test }) => (test.text ? [test.text] : []))
  return { ...first!, test: { text: joinTexts(texts) } }
}

function joinTexts(tests: readonly TextTest[]): TextTest {
  const [first] = tests
  if (first?.kind === 'whole' || first?.kind === 'word') {
    const matchers = tests.flatMap((test) => ('matcher' in test ? [test.matcher] : []))
    return { ...first, matcher: joinMatchers(matchers) }
  }
  const tokens = tests.flatMap((test) => (test.kind === 'words' ? test.tokens : []))
  return { kind: 'words', operator: 'or', tokens: [...new Set(tokens)] }
}

function joinMatchers(matchers: readonly Matcher[]): Matcher {
  const [first] = matchers
  if (first?.kind === 'pattern') {
    const patterns = matchers.flatMap((matcher) => (matcher.kind === 'pattern' ? [matcher.pattern] : []))
    return { kind: 'patterns', patterns: [...new Set(patterns)], ignoreCase: first.ignoreCase }
  }
  return { kind: 'oneOf', texts: [...new Set(matchers.flatMap(textsOf))] }
}

function textsOf(matcher: Matcher): readonly string[] {
  if (matcher.kind === 'oneOf') return matcher.texts
  return matcher.kind === 'equal' ? [matcher.text] : []
}
