import { SOL_CHARTS, type SolJoin, type SolOrder, type SolStep } from '../program.ts'
import { modelName } from '../tables.ts'
import { parseDefinitions } from './definition.ts'
import { parseExpression } from './parse-expression.ts'
import { readSource, type Scope } from './scope.ts'
import type { TokenReader } from './token-reader.ts'

type ReadStep = (scope: Scope) => readonly SolStep[]

const OPERATORS: ReadonlyMap<string, ReadStep> = new Map<string, ReadStep>([
  ['where', (scope) => [{ kind: 'where', condition: parseExpression(scope) }]],
  ['select', (scope) => [{ kind: 'select', columns: parseDefinitions(scope) }]],
  ['project', (scope) => [{ kind: 'select', columns: parseDefinitions(scope) }]],
  ['extend', (scope) => [{ kind: 'extend', columns: parseDefinitions(scope) }]],
  ['distinct', (scope) => [{ kind: 'distinct', columns: parseDefinitions(scope) }]],
  ['count', () => [{ kind: 'count' }]],
  ['aggregate', readAggregate],
  ['order', readOrder],
  ['sort', readOrder],
  ['limit', (scope) => [{ kind: 'limit', count: readCount(scope) }]],
  ['top', readTop],
  ['join', (scope) => [readJoin(scope, 'inner', true)]],
  ['inner', (scope) => readTypedJoin(scope, 'inner')],
  ['left', (scope) => readTypedJoin(scope, 'left')],
  ['leftanti', (scope) => readTypedJoin(scope, 'leftanti')],
  ['rightanti', (scope) => readTypedJoin(scope, 'rightanti')],
  ['lookup', (scope) => [readJoin(scope, 'left', false)]],
  ['render', readRender],
])

/** Reads what stands after a `|`; one operator may be two steps. */
export function parseStep(scope: Scope): readonly SolStep[] {
  const token = scope.reader.next()
  const read = token.kind === 'name' ? OPERATORS.get(token.text) : undefined
  if (read === undefined) scope.reader.failAt(token, `an operator (${[...OPERATORS.keys()].join(', ')})`)
  scope.reader.count()
  return read(scope)
}

function readAggregate(scope: Scope): readonly SolStep[] {
  const aggregates = parseDefinitions(scope, 'group')
  const { start } = scope.reader.peek()
  const by = scope.reader.take('by') ? parseDefinitions(scope) : []
  const both = by.find(({ name }) => aggregates.some((aggregate) => aggregate.name === name))
  if (both !== undefined) {
    scope.reader.fail(
      `the column ${JSON.stringify(both.name)} is there twice: another name expected, as in "other = …"`,
      start,
    )
  }
  return [{ kind: 'aggregate', aggregates, by }]
}

function readOrder(scope: Scope): readonly SolStep[] {
  scope.reader.expect('by')
  return [{ kind: 'order', by: readOrders(scope) }]
}

function readOrders(scope: Scope): readonly SolOrder[] {
  const { reader } = scope
  return reader.list(() => {
    const value = parseExpression(scope)
    const direction = reader.take('asc') ? 'asc' : 'desc'
    if (direction === 'desc') reader.take('desc')
    return { value, direction }
  })
}

function readTop(scope: Scope): readonly SolStep[] {
  const count = readCount(scope)
  scope.reader.expect('by')
  return [
    { kind: 'order', by: readOrders(scope) },
    { kind: 'limit', count },
  ]
}

function readCount({ reader }: Scope): number {
  const token = reader.next()
  const count = token.kind === 'number' ? Number(token.text) : Number.NaN
  if (!Number.isSafeInteger(count)) reader.failAt(token, 'a whole number of rows')
  return count
}

function readTypedJoin(scope: Scope, how: SolJoin['how']): readonly SolStep[] {
  scope.reader.expect('join')
  return [readJoin(scope, how, true)]
}

function readJoin(scope: Scope, how: SolJoin['how'], hasRightKeys: boolean): SolJoin {
  const { reader } = scope
  const { table, ...right } = readSource(scope)
  reader.expect('on')
  const on = reader.list(() => {
    const left = reader.expectName('a column of the left table').text
    if (!reader.take('==')) return { left, right: left }
    return { left, right: reader.expectName('a column of the right table').text }
  })
  const model = reader.take('into')
    ? reader.expectName('a name for the joined columns').text
    : modelName(table)
  return { kind: 'join', how, right, on, model, hasRightKeys }
}

const CHART_OPTIONS: ReadonlySet<string> = new Set([
  'x',
  'y',
  'breakdown_by',
  'mode',
  'source',
  'target',
  'value',
])

function readRender(scope: Scope): readonly SolStep[] {
  const reader: TokenReader = scope.reader
  const token = reader.next()
  const chart = SOL_CHARTS.find((name) => token.kind === 'name' && name === token.text)
  if (chart === undefined) reader.failAt(token, `a chart (${SOL_CHARTS.join(', ')})`)
  const options = new Map<string, string>()
  if (reader.take('with')) {
    reader.expect('(')
    reader.list(() => {
      const key = reader.next()
      if (!CHART_OPTIONS.has(key.text))
        reader.failAt(key, `an option of a chart (${[...CHART_OPTIONS].join(', ')})`)
      if (options.has(key.text)) reader.fail(`${JSON.stringify(key.text)} is there twice`, key.start)
      reader.expect('=')
      const value = reader.next()
      if (value.kind !== 'name' && value.kind !== 'string') reader.failAt(value, 'a column')
      if (key.text === 'mode' && value.text !== 'grouped' && value.text !== 'stacked') {
        reader.failAt(value, '"grouped" or "stacked"')
      }
      options.set(key.text, value.text)
    })
    reader.expect(')')
  }
  return [{ kind: 'render', chart, options: Object.fromEntries(options) }]
}
