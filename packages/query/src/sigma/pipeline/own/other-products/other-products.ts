import { EVIDENT_PRODUCTS, type EvidentProduct } from './evident-products.ts'
import { KNOWN_LOG_SOURCES, type LogSources } from './known-log-sources.ts'

/** Conditions of a pipeline's step by name, and an expression over them. */
interface RuleTest {
  readonly conditions: string
  readonly expression: string
}

/** Holds for rules of one of some log sources. */
function writeIsOf(prefix: string, sources: LogSources): RuleTest {
  const all = Object.entries(sources).flatMap(([member, names]: [string, readonly string[]]) =>
    names.map((name, number) => ({ id: `${prefix}_${member}${number}`, member, name })),
  )
  return {
    conditions: all
      .map(({ id, member, name }) => `\n      ${id}: {type: logsource, ${member}: ${name}}`)
      .join(''),
    expression: `(${all.map(({ id }) => id).join(' or ')})`,
  }
}

const KNOWN = writeIsOf('known', KNOWN_LOG_SOURCES)

/** A step that takes events with a sign out of what some rules find. */
function writeStep(id: string, signs: EvidentProduct['signs'], { conditions, expression }: RuleTest): string {
  const items = signs.map((sign) => {
    const members = Object.entries(sign).map(
      ([field, value]) => `${field}: ${value === true ? 'true' : `'${value}'`}`,
    )
    return `\n      - {type: add_condition, negated: true, conditions: {${members.join(', ')}}}`
  })
  return `
  - id: ${id}
    type: nest
    items:${items.join('')}
    rule_cond_expr: ${expression}
    rule_conditions:${conditions}`
}

function writeProduct([name, { own, signs, partly = [] }]: readonly [string, EvidentProduct]): string {
  const isOwn = writeIsOf('own', own)
  const exceptions = partly.map(({ of, others }, number) => ({
    isOf: writeIsOf(`some${number}`, of),
    others,
  }))
  const foreign = exceptions.map(({ isOf }) => isOf)
  const whole = writeStep(`not_of_${name}`, signs, {
    conditions: [KNOWN, isOwn, ...foreign].map(({ conditions }) => conditions).join(''),
    expression: [KNOWN.expression, ...[isOwn, ...foreign].map(({ expression }) => `not ${expression}`)].join(
      ' and ',
    ),
  })
  const parts = exceptions.map(({ isOf, others }, number) =>
    writeStep(
      `not_of_all_${name}_${number}`,
      signs.map((sign) => ({ ...sign, ...others })),
      {
        conditions: isOf.conditions + isOwn.conditions,
        expression: `${isOf.expression} and not ${isOwn.expression}`,
      },
    ),
  )
  return [whole, ...parts].join('')
}

/**
 * Keeps rules of other products from events that are evidently of one. Most log sources have no sign that all of their events have: a
 * rule that asks little, as Zeek's for any connection to a remote desktop, would find every event of a timeline. Applied when stores
 * have named their fields: signs are asked as they are written.
 */
export const OTHER_PRODUCTS: string = `
name: Other products
priority: 30
transformations:${Object.entries(EVIDENT_PRODUCTS).map(writeProduct).join('')}
`
