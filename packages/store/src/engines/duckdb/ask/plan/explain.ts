import { printQuery } from '@timeskein/query'
import { countPostings } from '../../../../text/terms/postings.ts'
import type { Segment } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import type { FieldTest, TextTest } from '../match/field-test.ts'
import type { Matcher, TextRange } from '../match/matcher.ts'
import type { NumberTest } from '../match/number-test.ts'
import type { WrittenTest } from '../match/written-test.ts'
import { lookUpToken } from '../rows/term-rows.ts'
import type { PlanNode } from './plan-node.ts'

/** Says for people how a plan is answered in one index: one step a line, inner steps indented. */
export async function explainPlan(
  plan: PlanNode,
  context: AskContext,
  segments: readonly Segment[],
): Promise<readonly string[]> {
  const rows = segments.reduce((sum, { rowCount }) => sum + rowCount, 0)
  const lines = [`index ${context.handle.index}: ${rows} events in ${segments.length} segments`]
  await addLines(plan, context, '  ', lines)
  return lines
}

async function addLines(node: PlanNode, context: AskContext, indent: string, lines: string[]): Promise<void> {
  const add = (text: string): void => {
    lines.push(indent + text)
  }
  switch (node.kind) {
    case 'all':
      return add('every event')
    case 'none':
      return add(`no event: ${node.reason}`)
    case 'and':
    case 'or':
      add(node.kind === 'and' ? 'all of, in this order' : `at least ${node.atLeast} of`)
      for (const part of node.of) await addLines(part, context, `${indent}  `, lines)
      return
    case 'not':
      add('all but')
      return addLines(node.of, context, `${indent}  `, lines)
    case 'time':
      return add(
        `time from ${node.span.startUs ?? 'the beginning'} to before ${node.span.endUs ?? 'the end'} (microseconds): from the sorted times`,
      )
    case 'rows':
      return add(`${node.seqs.length} events by id`)
    case 'segment':
      return add(`whole segments by ${node.value}: ${describeTest(node.test)}`)
    case 'label':
      return add(
        `label ${quote(node.name)} ${node.sketchId === undefined ? 'of any sketch' : `of sketch ${node.sketchId}`}: from the marks`,
      )
    case 'field': {
      const { name, aliases, hasConstants, hasMarks } = node.target
      const others = [
        ...aliases.map((entry) => `else ${quote(entry.name)}`),
        ...(hasConstants ? ['else the constant of the import'] : []),
        ...(hasMarks ? ['with what marks changed'] : []),
      ]
      const where = [quote(name), ...others].join(', ')
      return add(
        `${where}: ${describeTest(node.test)}${await estimate(node.test, node.target.own?.id, context)}`,
      )
    }
    case 'written':
      return add(`${quote(node.target.name)}: ${describeWritten(node.test)} (columns by SQL)`)
    case 'event': {
      const names = node.targets.map(({ name }) => quote(name)).join(' and ')
      return add(`${printQuery(node.test)}: events with ${names}, read from the source`)
    }
    case 'time-part':
      return add(`${printQuery(node.test)}: from the times`)
    case 'anywhere':
      return add(
        `any field: ${describeTest(node.test)}${node.span ? ', or the time' : ''}${await estimate(node.test, undefined, context)}`,
      )
  }
}

/** How many rows the rarest word has, where words are asked for. */
async function estimate(test: FieldTest, field: number | undefined, context: AskContext): Promise<string> {
  if (test.text?.kind !== 'words' && test.text?.kind !== 'phrase') return ''
  let least = Number.POSITIVE_INFINITY
  for (const token of new Set(test.text.tokens)) {
    const lookUp = lookUpToken(token, field === undefined ? { except: new Set() } : { only: field })
    let count = 0
    for (const segment of context.snapshot.segments)
      for (const hit of await lookUp(segment)) count += countPostings(hit.postings)
    least = Math.min(least, count)
  }
  return ` (about ${least} rows have the rarest word)`
}

function describeTest(test: FieldTest): string {
  if (test.present) return 'any value (columns by SQL)'
  const parts: string[] = []
  if (test.text) parts.push(describeText(test.text))
  if (test.number) parts.push(`number ${describeRange(test.number)}`)
  if (test.boolean !== undefined) parts.push(String(test.boolean))
  return parts.join(', or ')
}

function describeWritten(test: WrittenTest): string {
  if (test.kind === 'numeral') return `a text that is a number ${describeRange(test.number)}`
  return `a number or truth value ${describeMatcher(test.matcher)} as it is written`
}

function describeText(test: TextTest): string {
  switch (test.kind) {
    case 'words':
      return `${test.operator === 'and' ? 'all words' : 'one word'} of ${test.tokens.map(quote).join(' ')} (word index)`
    case 'phrase': {
      const slop = test.slop > 0 ? `, up to ${test.slop} moves` : ''
      return `phrase ${test.tokens.map(quote).join(' ')}${slop} (word index and places of words, then the text)`
    }
    case 'word':
      return `a word ${describeMatcher(test.matcher)} (vocabulary)`
    case 'whole': {
      const long = test.maxUnits === Number.POSITIVE_INFINITY ? ', long ones from the source' : ''
      return `a whole value ${describeMatcher(test.matcher)} (listed values, or columns by SQL${long})`
    }
    case 'either':
      return test.of.map(describeText).join(', or ')
  }
}

function describeMatcher(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'equal':
      return `equal to ${quote(matcher.text)}`
    case 'oneOf':
      return `equal to one of ${matcher.texts.length}`
    case 'range':
      return `${describeRange(matcher)} in the order of characters`
    case 'pattern':
      return `like ${quote(matcher.pattern)}`
    case 'patterns':
      return `like one of ${matcher.patterns.length} patterns`
    case 'regexp':
      return `matching /${matcher.pattern}/`
    case 'fuzzy':
      return `within ${matcher.distance} edits of ${quote(matcher.text)}`
  }
}

function describeRange(range: NumberTest | TextRange): string {
  const ends = (
    [
      ['>=', range.gte],
      ['>', range.gt],
      ['<=', range.lte],
      ['<', range.lt],
    ] as const
  ).flatMap(([sign, value]) => {
    if (value === undefined) return []
    return [`${sign} ${typeof value === 'string' ? quote(value) : value}`]
  })
  return ends.join(' and ') || 'of any size'
}

function quote(text: string): string {
  return JSON.stringify(text)
}
