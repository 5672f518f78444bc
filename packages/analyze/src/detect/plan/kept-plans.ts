import { createHash } from 'node:crypto'
import { choosePipelines, OWN_PIPELINES, type Pipeline, parsePipeline } from '@timeskein/query/sigma'
import type { PlanFiles, RuleSet } from '../contract/rule-set.ts'
import { FieldTesters } from '../settle/known-values.ts'
import { LearntIndexes } from '../settle/learnt-indexes.ts'
import { describeCompiler } from './describe-compiler.ts'
import { packPlan, unpackPlan } from './pack-plan.ts'
import { type DetectPlan, planInSteps } from './plan-rules.ts'
import { runInTurns } from './run-steps.ts'

/** A plan with what looks at values for it, and what it learnt of indexes. */
export interface PreparedPlan {
  readonly plan: DetectPlan
  readonly testers: FieldTesters
  readonly learnt: LearntIndexes
}

/** Plans that are kept of one set of rules: scopes have different fields, which ask for different pipelines. */
const MAX_PLANS_OF_SET = 2

/**
 * Plans of sets of rules, for those who run the same set again and again: compiling thousands of rules takes seconds. They are kept
 * as long as the set is (the same object, which must not change).
 */
export class KeptPlans {
  readonly #bySet = new WeakMap<RuleSet, Map<string, Promise<PreparedPlan>>>()
  readonly #files: PlanFiles | undefined
  readonly #describe: () => Promise<string>
  #compiler: Promise<string | undefined> | undefined

  /**
   * @param files - Keep plans of sets that have a hash for the next process. @default plans are kept in memory alone
   * @param describe - Tells the compiler apart from others, whose plans are not taken. @default by its files
   */
  constructor(files?: PlanFiles, describe: () => Promise<string> = describeCompiler) {
    this.#files = files
    this.#describe = describe
  }

  /** Whether the plan for events with some fields is there, or being made. */
  has(rules: RuleSet, fields: ReadonlySet<string>): boolean {
    return this.#bySet.get(rules)?.has(JSON.stringify(choosePipelines(fields))) ?? false
  }

  /** The plan for events with some fields, made where none is kept. */
  async take(rules: RuleSet, fields: ReadonlySet<string>): Promise<PreparedPlan> {
    const chains = choosePipelines(fields)
    const key = JSON.stringify(chains)
    const kept = this.#bySet.get(rules) ?? new Map<string, Promise<PreparedPlan>>()
    this.#bySet.set(rules, kept)
    const plan = kept.get(key) ?? this.#make(rules, chains)
    // The one that was used last stands last.
    kept.delete(key)
    kept.set(key, plan)
    for (const other of kept.keys()) {
      if (kept.size <= MAX_PLANS_OF_SET) break
      kept.delete(other)
    }
    try {
      return await plan
    } catch (error) {
      if (kept.get(key) === plan) kept.delete(key)
      throw error
    }
  }

  async #make(rules: RuleSet, chains: readonly (readonly string[])[]): Promise<PreparedPlan> {
    const files = rules.hash === undefined ? undefined : this.#files
    const compiler = files && (await this.#describeOnce())
    if (!files || compiler === undefined) return await preparePlan(rules, parseChains(chains))
    const name = nameOf([compiler, rules.hash!, JSON.stringify(rules.pipelines ?? [])], chains)
    const bytes = await files.read(name)
    const known = bytes && unpackPlan(bytes)
    if (known) return prepare(known)
    const made = await preparePlan(rules, parseChains(chains))
    await files.write(name, packPlan(made.plan))
    return made
  }

  /** @returns Undefined where its files cannot be read: then nothing says which compiler made a plan. */
  #describeOnce(): Promise<string | undefined> {
    this.#compiler ??= this.#describe().catch(() => undefined)
    return this.#compiler
  }
}

function nameOf(parts: readonly string[], chains: readonly (readonly string[])[]): string {
  const texts = chains.map((names) => names.map((name) => [name, OWN_PIPELINES.get(name)]))
  return createHash('sha256')
    .update(JSON.stringify([...parts, texts]))
    .digest('hex')
}

function prepare(plan: DetectPlan): PreparedPlan {
  return { plan, testers: new FieldTesters(plan.table), learnt: new LearntIndexes() }
}

/** Makes a plan with chains of pipelines; others of the process get their turns. */
export async function preparePlan(
  rules: RuleSet,
  chains: readonly (readonly Pipeline[])[],
): Promise<PreparedPlan> {
  return prepare(await runInTurns(planInSteps(rules, chains)))
}

/** Reads chains of our own pipelines, given by their names. */
export function parseChains(chains: readonly (readonly string[])[]): readonly (readonly Pipeline[])[] {
  const parsed = new Map<string, Pipeline>()
  return chains.map((names) =>
    names.map((name) => {
      const known = parsed.get(name) ?? parsePipeline({ file: name, text: OWN_PIPELINES.get(name)! })
      parsed.set(name, known)
      return known
    }),
  )
}
