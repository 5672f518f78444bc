import {
  DatePartReader,
  isInDatePart,
  parseLuceneRegexp,
  type Query,
  type RegexpNode,
} from '@timeskein/query'
import { allValues, type JsonEvent, type Leaf, valuesOf } from './event.ts'

/**
 * Says whether an event answers a question, value by value and without any index: slow and plain, for the questions that rules
 * compile to. Throws for other kinds.
 */
export function evaluateQuery(query: Query, event: JsonEvent): boolean {
  switch (query.kind) {
    case 'all':
      return true
    case 'none':
      return false
    case 'and':
      return query.of.every((part) => evaluateQuery(part, event))
    case 'or':
      return query.of.filter((part) => evaluateQuery(part, event)).length >= (query.atLeast ?? 1)
    case 'not':
      return !evaluateQuery(query.of, event)
    case 'exists':
      return valuesOf(event, query.field).length > 0
    case 'wildcard': {
      const pattern = new RegExp(`^${wildcardSource(query.pattern)}$`, query.caseInsensitive ? 'isu' : 'su')
      return lookAt(event, query.field).some((value) => pattern.test(String(value)))
    }
    case 'regexp': {
      const source = regexpSource(parseLuceneRegexp(query.pattern))
      const pattern = new RegExp(`^(?:${source})$`, query.caseInsensitive ? 'iu' : 'u')
      return lookAt(event, query.field).some((value) => pattern.test(String(value)))
    }
    case 'match':
      return lookAt(event, query.field).some(
        (value) => String(value).toLowerCase() === query.text.toLowerCase(),
      )
    case 'range':
      return valuesOf(event, query.field).some((value) => {
        const number = typeof value === 'string' && !/^\s*[+-]?[\d.]/.test(value) ? Number.NaN : Number(value)
        if (typeof value === 'boolean' || Number.isNaN(number)) return false
        const { gte, gt, lte, lt } = query
        return (
          (gte === undefined || number >= Number(gte)) &&
          (gt === undefined || number > Number(gt)) &&
          (lte === undefined || number <= Number(lte)) &&
          (lt === undefined || number < Number(lt))
        )
      })
    case 'fields': {
      const fold = (value: Leaf): string =>
        query.caseInsensitive ? String(value).toLowerCase() : String(value)
      return valuesOf(event, query.field).some((value) =>
        valuesOf(event, query.other).some((other) => {
          const [a, b] = [fold(value), fold(other)]
          if (query.how === 'equal') return a === b
          if (query.how === 'startswith') return a.startsWith(b)
          return query.how === 'endswith' ? a.endsWith(b) : a.includes(b)
        }),
      )
    }
    case 'date-part':
      return valuesOf(event, query.field).some((value) => {
        const part = typeof value === 'string' ? new DatePartReader(query).ofText(value) : undefined
        return part !== undefined && isInDatePart(query, part)
      })
    default:
      throw new Error(`evaluating a question: a kind that rules compile to expected, found ${query.kind}`)
  }
}

/** Without a field, texts anywhere; numbers and truth values are asked for by a field or by `match`. */
function lookAt(event: JsonEvent, field: string | undefined): readonly Leaf[] {
  return field === undefined ? allValues(event) : valuesOf(event, field)
}

function wildcardSource(pattern: string): string {
  return pattern.replaceAll(/\\[\s\S]|[\s\S]/gu, (part) => {
    if (part === '*') return '[^]*'
    if (part === '?') return '[^]'
    const character = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part
    return escapeCharacter(character)
  })
}

function regexpSource(node: RegexpNode): string {
  switch (node.kind) {
    case 'union':
      return `(?:${node.of.map(regexpSource).join('|')})`
    case 'sequence':
      return node.of.map(regexpSource).join('')
    case 'repeat':
      return `(?:${regexpSource(node.of)}){${node.least},${node.most ?? ''}}`
    case 'literal':
      return Array.from(node.text, escapeCharacter).join('')
    case 'class': {
      if (node.ranges.length === 0) return node.isNegated ? '[^]' : '[]'
      const ranges = node.ranges.map(
        ([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`,
      )
      return `[${node.isNegated ? '^' : ''}${ranges.join('')}]`
    }
    case 'any-string':
      return '[^]*'
    case 'nothing':
      return '[]'
    case 'interval': {
      const numbers: string[] = []
      for (let number = node.least; number <= node.most; number++)
        numbers.push(String(number).padStart(node.digits, '0'))
      return `(?:${numbers.join('|')})`
    }
    default:
      throw new Error(`evaluating a regular expression: no logic expected, found ${node.kind}`)
  }
}

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`
}
