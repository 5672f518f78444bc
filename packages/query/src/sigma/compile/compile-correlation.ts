import { SigmaError, type SigmaProblem, toProblem } from '../problem.ts'
import type { Aggregation } from '../rule/condition/aggregation.ts'
import type { SigmaCorrelation, SigmaRule } from '../rule/rule.ts'
import type { CompiledCorrelation, CompiledRule } from './compiled.ts'

/** The aggregation of a rule of Sigma 1 as a correlation of it alone. */
export function compileAggregation(rule: CompiledRule, aggregation: Aggregation): CompiledCorrelation {
  const { type, field, groupBy, operator, number, timespanMs } = aggregation
  return {
    kind: 'correlation',
    meta: rule.rule.meta,
    correlation: undefined,
    type,
    rules: [rule],
    groupBy,
    aliases: new Map(),
    timespanMs,
    condition: {
      kind: 'threshold',
      comparisons: [{ operator, number }],
      fields: field === undefined ? [] : [field],
      percentile: undefined,
    },
    names: [rule.rule.meta.title],
    isReported: true,
  }
}

interface Entry {
  readonly correlation: SigmaCorrelation
  readonly isReported: boolean
}

/** Joins correlations with the rules they name, each after those it stands on. */
export class CorrelationCompiler {
  readonly #rules = new Map<string, CompiledRule>()
  readonly #broken = new Map<string, string>()
  readonly #entries: Entry[] = []
  readonly #byReference = new Map<string, Entry>()
  readonly #made = new Map<Entry, CompiledCorrelation | undefined>()
  readonly #failed = new Map<SigmaProblem, SigmaCorrelation>()

  /** @param broken - Rules that could not be compiled: what refers to them is told so. */
  constructor(rules: readonly CompiledRule[], broken: Iterable<SigmaRule>) {
    for (const rule of rules) for (const key of referencesOf(rule.rule.meta)) setOnce(this.#rules, key, rule)
    for (const { meta } of broken) for (const key of referencesOf(meta)) this.#broken.set(key, meta.title)
  }

  add(correlation: SigmaCorrelation, isReported: boolean): void {
    const entry = { correlation, isReported }
    this.#entries.push(entry)
    for (const key of referencesOf(correlation.meta)) setOnce(this.#byReference, key, entry)
  }

  /** @param map - What pipelines make of a correlation. */
  compileAll(map: (correlation: SigmaCorrelation) => SigmaCorrelation): {
    readonly correlations: readonly CompiledCorrelation[]
    readonly failed: ReadonlyMap<SigmaProblem, SigmaCorrelation>
  } {
    for (const entry of this.#entries) this.#compile(entry, map, [])
    const correlations = [...this.#made.values()].filter((one) => one !== undefined)
    return { correlations, failed: this.#failed }
  }

  /** @param path - Correlations that are being compiled: one that leads back to them is a cycle. */
  #compile(
    entry: Entry,
    map: (correlation: SigmaCorrelation) => SigmaCorrelation,
    path: readonly Entry[],
  ): CompiledCorrelation | undefined {
    if (this.#made.has(entry)) return this.#made.get(entry)
    const { correlation, isReported } = entry
    let made: CompiledCorrelation | undefined
    try {
      const names = [...path, entry].map((one) => JSON.stringify(one.correlation.meta.title))
      if (path.includes(entry))
        throw new SigmaError(
          'bad-reference',
          `correlations that do not lead back to themselves expected, found ${names.join(' -> ')}`,
        )
      const rules = correlation.rules.map((reference) => this.#resolve(reference, map, [...path, entry]))
      const mapped = map(correlation)
      made = {
        kind: 'correlation',
        meta: correlation.meta,
        correlation: mapped,
        type: correlation.type,
        rules,
        groupBy: mapped.groupBy,
        aliases: readAliases(mapped),
        timespanMs: correlation.timespanMs,
        condition: mapped.condition,
        names: correlation.rules,
        isReported,
      }
    } catch (error) {
      const problem = toProblem(error, correlation.place, correlation.meta.title)
      if (path.includes(entry)) throw error
      this.#failed.set(problem, correlation)
    }
    this.#made.set(entry, made)
    return made
  }

  #resolve(
    reference: string,
    map: (correlation: SigmaCorrelation) => SigmaCorrelation,
    path: readonly Entry[],
  ): CompiledRule | CompiledCorrelation {
    const key = reference.toLowerCase()
    const rule = this.#rules.get(key)
    if (rule) return rule
    const entry = this.#byReference.get(key)
    const quoted = JSON.stringify(reference)
    if (entry) {
      const made = this.#compile(entry, map, path)
      if (made) return made
      throw new SigmaError(
        'bad-reference',
        `a correlation that can be used expected, found ${quoted}, which failed`,
      )
    }
    const broken = this.#broken.get(key)
    const found = broken === undefined ? 'which is not there' : 'which failed'
    throw new SigmaError('bad-reference', `a rule's id or name expected, found ${quoted}, ${found}`)
  }
}

/** Ids and names, in one case: ids are hexadecimal, and names are told apart by more than case. */
function referencesOf({
  id,
  name,
}: {
  readonly id: string | undefined
  readonly name: string | undefined
}): string[] {
  return [id, name].filter((key) => key !== undefined).map((key) => key.toLowerCase())
}

function setOnce<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (!map.has(key)) map.set(key, value)
}

function readAliases({ aliases, rules }: SigmaCorrelation): CompiledCorrelation['aliases'] {
  return new Map(
    Object.entries(aliases).map(([alias, fields]) => [
      alias,
      new Map(Object.entries(fields).map(([rule, field]) => [rules.indexOf(rule), field])),
    ]),
  )
}
