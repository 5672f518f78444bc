import { type TextTest, textAlone } from '../match/field-test.ts'
import type { Matcher } from '../match/matcher.ts'
import type { PlanNode } from './plan.ts'

/**
 * Makes one of alternatives that ask the same place for different texts, as lists of indicators do, and leaves out such
 * as come again: thousands of texts are looked up together, in one pass over a segment's words or one statement.
 */
export function mergeAlternatives(parts: readonly PlanNode[]): PlanNode[] {
  const byPlace = new Map<string, PlanNode[]>()
  const others = new Map<string, PlanNode>()
  for (const part of parts) {
    const place = placeOf(part)
    if (place === undefined) others.set(keyOf(part), part)
    else {
      const known = byPlace.get(place)
      if (known) known.push(part)
      else byPlace.set(place, [part])
    }
  }
  return [...[...byPlace.values()].map(join), ...others.values()]
}

/** Names what a part looks at, if texts asked there can be asked together. */
function placeOf(part: PlanNode): string | undefined {
  if (part.kind !== 'field' && part.kind !== 'anywhere') return undefined
  const text = textAlone(part.test)
  if (!text || !isAlternative(text)) return undefined
  if (part.kind === 'field') return JSON.stringify([text.kind, part.target.name, part.target.view])
  return part.span ? undefined : JSON.stringify([text.kind])
}

function isAlternative(text: TextTest): boolean {
  if (text.kind === 'words') return text.operator === 'or' || text.tokens.length === 1
  // Long values are looked for by the words of their text: of many texts they would all be candidates.
  if (text.kind !== 'whole' || text.maxUnits === Number.POSITIVE_INFINITY) return false
  const { matcher } = text
  return matcher.kind === 'oneOf' || (matcher.kind === 'equal' && !matcher.ignoreCase)
}

function keyOf(part: PlanNode): string {
  return JSON.stringify(part, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    return value instanceof Set ? [...value] : value
  })
}

/** Makes one part of some that ask one place for texts. */
function join(parts: readonly PlanNode[]): PlanNode {
  const [first] = parts
  if (parts.length === 1 || (first?.kind !== 'field' && first?.kind !== 'anywhere')) return first!
  const texts = parts.flatMap((part) => (part.kind === first.kind && part.test.text ? [part.test.text] : []))
  return { ...first, test: { text: joinTexts(texts) } }
}

function joinTexts(tests: readonly TextTest[]): TextTest {
  const [first] = tests
  if (first?.kind === 'whole') {
    const texts = tests.flatMap((test) => (test.kind === 'whole' ? textsOf(test.matcher) : []))
    return { ...first, matcher: { kind: 'oneOf', texts: [...new Set(texts)] } }
  }
  const tokens = tests.flatMap((test) => (test.kind === 'words' ? test.tokens : []))
  return { kind: 'words', operator: 'or', tokens: [...new Set(tokens)] }
}

function textsOf(matcher: Matcher): readonly string[] {
  if (matcher.kind === 'oneOf') return matcher.texts
  return matcher.kind === 'equal' ? [matcher.text] : []
}
