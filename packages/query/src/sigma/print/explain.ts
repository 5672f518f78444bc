import type { CompiledCorrelation, CompiledRule } from '../compile/compiled.ts'
import type { Expression, FieldAsk } from '../compile/expression.ts'
import type { CorrelationExpression } from '../rule/correlation.ts'
import { describeLogSource } from '../rule/parse-log-source.ts'
import type { RuleMeta } from '../rule/rule.ts'
import { writeParts } from '../rule/sigma-string.ts'
import type { StringPart } from '../rule/value.ts'

/** Says in words what a rule looks for: log source, fields, and its conditions line by line. */
export function explainRule({ rule, expression, fields, placeholders }: CompiledRule): readonly string[] {
  const { meta, logSource } = rule
  const lines = [...explainMeta(meta), `log source: ${describeLogSource(logSource)}`]
  if (logSource.definition !== undefined) lines.push(`  needs: ${oneLine(logSource.definition)}`)
  lines.push(
    fields.length > 0 ? `fields: ${fields.join(', ')}` : 'fields: none; keywords anywhere in the event',
  )
  if (placeholders.length > 0)
    lines.push(`is not run: its placeholders have no values: ${placeholders.join(', ')}`)
  if (!expression) return [...lines, 'finds nothing: pipelines left nothing of it']
  const hit = placeholders.length > 0 ? 'with values an event would be a hit if' : 'an event is a hit if'
  return [...lines, hit, ...explainExpression(expression, '  ')]
}

/** Says in words what a correlation looks for. */
export function explainCorrelation(correlation: CompiledCorrelation): readonly string[] {
  const { meta, type, names, groupBy, timespanMs, condition, fields } = correlation
  const lines = [...explainMeta(meta), `correlation: ${type} of ${names.join(', ')}`]
  if (groupBy.length > 0) lines.push(`counted by: ${groupBy.join(', ')}`)
  for (const [name, ofRules] of fields) {
    if (ofRules.every((own) => own.length === 1 && own[0] === name)) continue
    const parts = ofRules.map((own, rule) => `${own.join(' or ')} of ${names[rule]}`)
    lines.push(`  ${name} is ${parts.join(', ')}`)
  }
  lines.push(
    timespanMs === Number.MAX_SAFE_INTEGER ? 'within: any time' : `within: ${timespanMs / 1000} seconds`,
  )
  if (condition.kind === 'expression') return [...lines, `a hit if: ${explainRules(condition.expression)}`]
  const figure = FIGURES[type].replace('FIELD', condition.fields.join(' and '))
  const tests = condition.comparisons.map(({ operator, number }) => `${SIGNS[operator]} ${number}`)
  return [...lines, `a hit if: ${figure} ${tests.join(' and ')}`]
}

const FIGURES: Readonly<Record<CompiledCorrelation['type'], string>> = {
  event_count: 'the number of events is',
  value_count: 'the number of different values of FIELD is',
  temporal: 'the number of rules hit is',
  temporal_ordered: 'the number of rules hit, in their order, is',
  value_sum: 'the sum of FIELD is',
  value_avg: 'the mean of FIELD is',
  value_percentile: 'the percentile of FIELD is',
  value_median: 'the median of FIELD is',
}
const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: 'not' } as const

function explainMeta(meta: RuleMeta): string[] {
  const notes = [meta.level, meta.status, meta.id].filter((note) => note !== undefined)
  const lines = [`${meta.title}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`]
  if (meta.tags.length > 0) lines.push(`tags: ${meta.tags.join(', ')}`)
  return lines
}

function explainRules(expression: CorrelationExpression): string {
  if (expression.kind === 'rule') return expression.rule
  if (expression.kind === 'not') return `not ${explainRules(expression.of)}`
  return `(${expression.of.map(explainRules).join(` ${expression.kind} `)})`
}

function explainExpression(expression: Expression, indent: string): readonly string[] {
  switch (expression.kind) {
    case 'and':
      return explainParts('all of', flatten(expression.of), indent)
    case 'or': {
      const list = explainList(expression)
      if (list !== undefined) return [indent + list]
      return explainParts(
        expression.atLeast === 1 ? 'any of' : `at least ${expression.atLeast} of`,
        expression.of,
        indent,
      )
    }
    case 'not': {
      if (expression.of.kind === 'ask') return [`${indent}not: ${explainAsk(expression.of)}`]
      return [`${indent}not`, ...explainExpression(expression.of, `${indent}  `)]
    }
    case 'ask':
      return [indent + explainAsk(expression)]
  }
}

/** All of all of is all of. */
function flatten(parts: readonly Expression[]): readonly Expression[] {
  return parts.flatMap((part) => (part.kind === 'and' ? flatten(part.of) : [part]))
}

function explainParts(word: string, parts: readonly Expression[], indent: string): readonly string[] {
  return [indent + word, ...parts.flatMap((part) => explainExpression(part, `${indent}  `))]
}

/** Alternatives of one field and one kind in one line. */
function explainList({ of, atLeast }: Expression & { readonly kind: 'or' }): string | undefined {
  const asks = of.filter((part) => part.kind === 'ask')
  if (atLeast !== 1 || asks.length !== of.length) return undefined
  const parts = asks.map(splitAsk)
  const [first] = parts
  if (!first || !parts.every(({ start }) => start === first.start)) return undefined
  return `${first.start} ${parts.map(({ value }) => value).join(' or ')}`
}

function explainAsk(ask: FieldAsk): string {
  const { start, value } = splitAsk(ask)
  return value === '' ? start : `${start} ${value}`
}

/** What is asked of which field, and the value. */
function splitAsk({ field, value }: FieldAsk): { readonly start: string; readonly value: string } {
  const name = field ?? 'some field'
  switch (value.kind) {
    case 'string': {
      const { verb, text } = describeParts(value.parts, field === undefined)
      return { start: `${name} ${verb}${value.cased ? ' (in this case)' : ''}`, value: text }
    }
    case 'number':
      return { start: `${name} is`, value: value.text }
    case 'boolean':
      return { start: `${name} is`, value: String(value.value) }
    case 'null':
      return { start: `${name} has no value`, value: '' }
    case 'exists':
      return { start: `${name} is ${value.expected ? '' : 'not '}there`, value: '' }
    case 'regexp': {
      const flags = (['i', 'm', 's'] as const).filter((flag) => value.flags[flag]).join('')
      return { start: `${name} matches`, value: `/${writeParts(value.parts)}/${flags}` }
    }
    case 'network':
      return { start: `${name} is an address of`, value: value.text }
    case 'comparison':
      return { start: `${name} ${SIGNS[value.operator]}`, value: value.number.text }
    case 'field-reference': {
      const verbs = {
        equal: 'is equal to',
        startswith: 'begins with',
        endswith: 'ends with',
        contains: 'contains',
      }
      return { start: `${name} ${verbs[value.how]} the value of`, value: value.field }
    }
    case 'time-part':
      return {
        start: `the ${value.part.replaceAll('-', ' ')} of ${name}${value.timeZone === undefined ? '' : ` in ${value.timeZone}`} ${SIGNS[value.operator]}`,
        value: `${value.number}${value.before === undefined ? '' : ` and less than ${value.before}`}`,
      }
    case 'query-expression':
      return { start: `${name} fits the expression`, value: value.expression }
  }
}

/** The usual patterns by name, others as they are. */
function describeParts(
  parts: readonly StringPart[],
  isKeyword: boolean,
): { readonly verb: string; readonly text: string } {
  const quoted = (some: readonly StringPart[]): string => JSON.stringify(writeParts(some))
  if (isKeyword) return { verb: 'contains', text: quoted(parts) }
  const inner = parts.slice(parts[0]?.kind === 'run' ? 1 : 0, parts.at(-1)?.kind === 'run' ? -1 : undefined)
  if (parts.length === 0) return { verb: 'is empty', text: '' }
  if (inner.some(({ kind }) => kind === 'run' || kind === 'one') || inner.length === 0)
    return { verb: 'is like', text: quoted(parts) }
  const [opens, closes] = [parts[0]?.kind === 'run', parts.at(-1)?.kind === 'run']
  if (opens && closes) return { verb: 'contains', text: quoted(inner) }
  if (opens) return { verb: 'ends with', text: quoted(inner) }
  return { verb: closes ? 'begins with' : 'is', text: quoted(inner) }
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
