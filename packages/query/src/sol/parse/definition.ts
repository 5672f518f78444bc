import { partsOf, type SolExpression } from '../expression.ts'
import { findFunction } from '../functions.ts'
import type { SolDefinition } from '../program.ts'
import { type ExpressionUse, parseExpression } from './parse-expression.ts'
import type { Scope } from './scope.ts'

/** A list of columns, each `name = expression` or an expression whose column has a name of its own. */
export function parseDefinitions(scope: Scope, use: ExpressionUse = 'row'): readonly SolDefinition[] {
  const { reader } = scope
  const names = new Set<string>()
  return reader.list(() => {
    const { start, kind } = reader.peek()
    const given = kind === 'name' && reader.isNext('=', 1) ? reader.next().text : undefined
    if (given !== undefined) reader.expect('=')
    const value = parseExpression(scope, use)
    if (use === 'group' && hasLooseColumn(value)) {
      reader.fail(
        'a function of the group (count(), sum(x), …) was expected around each column, as a row is made of many',
        start,
      )
    }
    const name = given ?? defaultName(value)
    if (names.has(name)) {
      reader.fail(
        `the column ${JSON.stringify(name)} is there twice: another name expected, as in "other = …"`,
        start,
      )
    }
    names.add(name)
    return { name, value }
  })
}

/** The name of a column that was given none. */
function defaultName(value: SolExpression): string {
  if (value.kind === 'column') return value.name
  if (value.kind !== 'call') return 'result'
  if (value.name === 'count' || value.name === 'countif') return value.name
  const [first] = value.of
  if (first?.kind !== 'column') return 'result'
  if (value.name === 'year' || value.name === 'month' || value.name === 'week')
    return `${first.name}_${value.name}`
  if (value.name === 'bin' || findFunction(value.name)?.isOfGroup) return `${value.name}_${first.name}`
  return 'result'
}

function hasLooseColumn(value: SolExpression): boolean {
  if (value.kind === 'column') return true
  if (value.kind === 'call' && findFunction(value.name)?.isOfGroup) return false
  return partsOf(value).some(hasLooseColumn)
}
