import { applyPipelines, nameCorrelatedField } from '../pipeline/apply-pipelines.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { type SigmaPlace, type SigmaProblem, toProblem } from '../problem.ts'
import { applyFilter, isFiltered, mayAffect } from '../rule/apply-filter.ts'
import { parseSigmaDocuments, type SigmaSource } from '../rule/parse-documents.ts'
import type { SigmaCorrelation, SigmaDocument, SigmaFilter, SigmaRule } from '../rule/rule.ts'
import { CorrelationCompiler, compileAggregation, type NameField } from './compile-correlation.ts'
import { compileRule } from './compile-rule.ts'
import type { CompiledCorrelation, CompiledRule, SigmaCompilation } from './compiled.ts'
import { ReferenceTable } from './reference-table.ts'

/** How rules are compiled. */
export interface CompileOptions {
  /** Applied to each rule, those of lower priority first. @default none */
  readonly pipelines?: readonly Pipeline[]
  /**
   * Takes each rule as soon as it is compiled. `rules` of the compilation then has those alone that correlations are about: what the
   * compiler makes of thousands takes several times the memory of what their takers keep.
   *
   * @default all are listed
   */
  readonly onRule?: (rule: CompiledRule) => void
}

/**
 * Compiles files of rules together: filters and correlations may refer to rules of other files. A rule that cannot be used is
 * told and spoils no other.
 */
export function compileSigma(sources: Iterable<SigmaSource>, options: CompileOptions = {}): SigmaCompilation {
  const documents: SigmaDocument[] = []
  const failed: SigmaProblem[] = []
  let files = 0
  for (const source of sources) {
    files++
    const parsed = parseSigmaDocuments(source)
    documents.push(...parsed.documents)
    failed.push(...parsed.problems)
  }
  const unread = failed.length
  const compilation = compileDocuments(documents, options)
  const ruleCount = documents.filter(({ kind }) => kind !== 'filter').length + unread
  return { ...compilation, files, ruleCount, failed: [...failed, ...compilation.failed] }
}

/** What becomes of rules that have been read. */
export type DocumentCompilation = Omit<SigmaCompilation, 'files' | 'ruleCount'>

/** Compiles rules that have been read. */
export function compileDocuments(
  documents: readonly SigmaDocument[],
  options: CompileOptions = {},
): DocumentCompilation {
  const steps = compileInSteps(documents, options)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same rule by rule, for those who have other work to do between two of thousands. */
export function* compileInSteps(
  documents: readonly SigmaDocument[],
  { pipelines = [], onRule }: CompileOptions = {},
): Generator<void, DocumentCompilation, undefined> {
  const failed: SigmaProblem[] = []
  const warnings = documents.flatMap((document) => document.warnings)
  const rules = documents.filter((document) => document.kind === 'rule')
  const correlations = documents.filter((document) => document.kind === 'correlation')
  const filters = documents.filter((document) => document.kind === 'filter')
  warnings.push(...findRepeatedIds([...rules, ...correlations]))
  const subjects = new Map<SigmaProblem, SigmaPlace>()
  const fail = (problem: SigmaProblem, { place }: SigmaDocument): void => {
    failed.push(problem)
    subjects.set(problem, place)
  }
  for (const [problem, filter] of findIdleFilters(filters, rules)) fail(problem, filter)
  const references = new ReferenceTable(rules, correlations)
  const hidden = findHidden(correlations, references)
  const correlated = findCorrelated(correlations, references)
  const sorted = pipelines.toSorted((a, b) => a.priority - b.priority)
  const nameField: NameField = (field, target, logSources) =>
    nameCorrelatedField(field, target, logSources, sorted)

  const compiled = new Map<SigmaRule | SigmaCorrelation, CompiledRule>()
  const aggregations: CompiledCorrelation[] = []
  for (const rule of rules) {
    yield
    try {
      const filtered = filters.reduce(
        (one, filter, number) => (isFiltered(rule, filter) ? applyFilter(one, filter, number) : one),
        rule,
      )
      const one = compileRule(
        applyPipelines(filtered, sorted),
        !hidden.has(rule) && rule.aggregation === undefined,
      )
      onRule?.(one)
      if (!onRule || rule.aggregation || correlated.has(rule)) compiled.set(rule, one)
      if (rule.aggregation) aggregations.push(compileAggregation(one, rule.aggregation, nameField))
    } catch (error) {
      fail(toProblem(error, rule.place, rule.meta.title), rule)
    }
  }
  const compiler = new CorrelationCompiler(references, compiled)
  for (const correlation of correlations) compiler.add(correlation, !hidden.has(correlation))
  const made = compiler.compileAll(nameField)
  for (const [problem, correlation] of made.failed) fail(problem, correlation)
  return {
    rules: [...compiled.values()],
    correlations: [...aggregations, ...made.correlations],
    failed,
    warnings,
    subjects,
  }
}

function findCorrelated(
  correlations: readonly SigmaCorrelation[],
  references: ReferenceTable,
): ReadonlySet<SigmaRule | SigmaCorrelation | undefined> {
  return new Set(
    correlations.flatMap(({ rules, owner }) => rules.map((reference) => references.find(reference, owner))),
  )
}

/** What correlations report instead of, as far as they may change what becomes of it. */
function findHidden(
  correlations: readonly SigmaCorrelation[],
  references: ReferenceTable,
): ReadonlySet<SigmaRule | SigmaCorrelation> {
  const hidden = new Set<SigmaRule | SigmaCorrelation>()
  for (const correlation of correlations) {
    if (correlation.generate) continue
    const found = correlation.rules.map((reference) => references.find(reference, correlation.owner))
    // One that cannot be used reports nothing instead.
    if (found.includes(undefined)) continue
    for (const document of found) if (document && mayAffect(correlation, document)) hidden.add(document)
  }
  return hidden
}

function findRepeatedIds(documents: readonly (SigmaRule | SigmaCorrelation)[]): readonly SigmaProblem[] {
  const seen = new Map<string, SigmaRule | SigmaCorrelation>()
  const problems: SigmaProblem[] = []
  for (const document of documents) {
    const { meta, place } = document
    for (const [what, key] of [
      ['id', meta.id?.toLowerCase()],
      ['name', meta.name],
    ] as const) {
      if (key === undefined) continue
      const first = seen.get(`${what} ${key}`)
      if (first) {
        const where = `${first.place.file}, line ${first.place.line}`
        const reason = `${what}: one of its own expected, found that of ${JSON.stringify(first.meta.title)} (${where}); what refers to it means the first`
        problems.push({ code: 'bad-reference', ...place, rule: meta.title, reason })
      } else seen.set(`${what} ${key}`, document)
    }
  }
  return problems
}

/**
 * Filters whose list names a rule that is not there, or not theirs to change. They are told as failed: what they should keep away
 * is not.
 */
function findIdleFilters(
  filters: readonly SigmaFilter[],
  rules: readonly SigmaRule[],
): ReadonlyMap<SigmaProblem, SigmaFilter> {
  const problems = new Map<SigmaProblem, SigmaFilter>()
  const knownTo = new Map<string | undefined, ReadonlySet<string | undefined>>()
  for (const filter of filters) {
    const { rules: wanted, place, meta, owner } = filter
    if (wanted === 'any') continue
    const known = knownTo.get(owner) ?? listReferences(rules.filter((rule) => mayAffect(filter, rule)))
    knownTo.set(owner, known)
    const missing = wanted.filter((rule) => !known.has(rule) && !known.has(rule.toLowerCase()))
    if (missing.length === 0) continue
    const names = missing.map((rule) => JSON.stringify(rule)).join(', ')
    const whose = owner === undefined ? 'that are there' : 'of the same owner'
    const reason = `rules ${whose} expected, found ${names}`
    problems.set({ code: 'bad-reference', ...place, rule: meta.title, reason }, filter)
  }
  return problems
}

function listReferences(rules: readonly SigmaRule[]): ReadonlySet<string | undefined> {
  return new Set(rules.flatMap(({ meta }) => [meta.id?.toLowerCase(), meta.name]))
}
