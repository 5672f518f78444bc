import { SigmaError, type SigmaProblem, toProblem } from '../problem.ts'
import type { Aggregation } from '../rule/condition/aggregation.ts'
import type { LogSource, SigmaCorrelation, SigmaRule } from '../rule/rule.ts'
import type { CompiledCorrelation, CompiledRule } from './compiled.ts'
import type { ReferenceTable } from './reference-table.ts'

/** The names that a field has which a correlation, or a rule's aggregation, asks for in events of a rule. */
export type NameField = (
  field: string,
  target: SigmaRule | SigmaCorrelation,
  logSources: readonly LogSource[],
) => readonly string[]

/** The aggregation of a rule of Sigma 1 as a correlation of it alone. */
export function compileAggregation(
  rule: CompiledRule,
  aggregation: Aggregation,
  nameField: NameField,
): CompiledCorrelation {
  const { type, field, groupBy, operator, number, timespanMs } = aggregation
  const fields = field === undefined ? [] : [field]
  const namesOf = (name: string) => [nameField(name, rule.rule, [rule.rule.logSource])]
  return {
    kind: 'correlation',
    meta: rule.rule.meta,
    correlation: undefined,
    type,
    rules: [rule],
    groupBy,
    fields: new Map([...groupBy, ...fields].map((name) => [name, namesOf(name)])),
    timespanMs,
    condition: {
      kind: 'threshold',
      comparisons: [{ operator, number }],
      fields,
      percentile: undefined,
    },
    placeholders: rule.placeholders,
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
  readonly #references: ReferenceTable
  readonly #rules: ReadonlyMap<SigmaRule | SigmaCorrelation, CompiledRule>
  readonly #entries = new Map<SigmaRule | SigmaCorrelation, Entry>()
  readonly #made = new Map<Entry, CompiledCorrelation | undefined>()
  readonly #failed = new Map<SigmaProblem, SigmaCorrelation>()

  /** @param rules - By what they were compiled of; those that could not be are left out, and what refers to them is told so. */
  constructor(references: ReferenceTable, rules: ReadonlyMap<SigmaRule | SigmaCorrelation, CompiledRule>) {
    this.#references = references
    this.#rules = rules
  }

  add(correlation: SigmaCorrelation, isReported: boolean): void {
    this.#entries.set(correlation, { correlation, isReported })
  }

  compileAll(nameField: NameField): {
    readonly correlations: readonly CompiledCorrelation[]
    readonly failed: ReadonlyMap<SigmaProblem, SigmaCorrelation>
  } {
    for (const entry of this.#entries.values()) this.#compile(entry, nameField, [])
    const correlations = [...this.#made.values()].filter((one) => one !== undefined)
    return { correlations, failed: this.#failed }
  }

  /** @param path - Correlations that are being compiled: one that leads back to them is a cycle. */
  #compile(entry: Entry, nameField: NameField, path: readonly Entry[]): CompiledCorrelation | undefined {
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
      const rules = correlation.rules.map((reference) =>
        this.#resolve(reference, nameField, [...path, entry]),
      )
      made = {
        kind: 'correlation',
        meta: correlation.meta,
        correlation,
        type: correlation.type,
        rules,
        groupBy: correlation.groupBy,
        fields: nameFields(correlation, rules, nameField),
        timespanMs: correlation.timespanMs,
        condition: correlation.condition,
        placeholders: [...new Set(rules.flatMap((rule) => rule.placeholders))],
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
    nameField: NameField,
    path: readonly Entry[],
  ): CompiledRule | CompiledCorrelation {
    const quoted = JSON.stringify(reference)
    const { owner } = path.at(-1)!.correlation
    const document = this.#references.find(reference, owner)
    if (!document) {
      const found = this.#references.isForeign(reference)
        ? 'the name of a rule of somebody else, which its id means'
        : 'which is not there'
      throw new SigmaError('bad-reference', `a rule's id or name expected, found ${quoted}, ${found}`)
    }
    const rule = this.#rules.get(document)
    if (rule) return rule
    const entry = this.#entries.get(document)
    if (!entry)
      throw new SigmaError('bad-reference', `a rule's id or name expected, found ${quoted}, which failed`)
    const made = this.#compile(entry, nameField, path)
    if (made) return made
    throw new SigmaError(
      'bad-reference',
      `a correlation that can be used expected, found ${quoted}, which failed`,
    )
  }
}

function nameFields(
  correlation: SigmaCorrelation,
  rules: CompiledCorrelation['rules'],
  nameField: NameField,
): CompiledCorrelation['fields'] {
  const { groupBy, condition, aliases } = correlation
  const asked = [...groupBy, ...(condition.kind === 'threshold' ? condition.fields : [])]
  const named = new Map(
    Object.entries(aliases).map(([alias, fields]) => [alias, new Map(Object.entries(fields))]),
  )
  return new Map(
    asked.map((name) => [
      name,
      rules.map((rule, at) => {
        const field = named.get(name)?.get(correlation.rules[at]!) ?? name
        return rule.kind === 'rule' ? nameField(field, correlation, [rule.rule.logSource]) : [field]
      }),
    ]),
  )
}
