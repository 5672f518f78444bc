import type { IndexReading } from '@timeskein/store'
import type { BlockThread } from '../blocks/block-thread.ts'
import type { DetectProgress } from '../contract/detect-request.ts'
import type { DetectPlan, PlannedRule } from '../plan/plan-rules.ts'
import { waitForAll } from '../wait-for-all.ts'
import { type FieldTesters, type KnownValues, learnValues, type ValuesKnown } from './known-values.ts'
import { learnCertain } from './learn-certain.ts'
import { type LongTextsKnown, learnLongTexts } from './learn-long-texts.ts'
import { learnOthers } from './learn-others.ts'
import { listAsked, listExcluding, listFields, listLogSourceFields, settleRules } from './left-rules.ts'

/** What learning of fields needs. */
export interface FieldsJob {
  readonly index: IndexReading
  readonly plan: DetectPlan
  readonly testers: FieldTesters
  /** Rules of the plan that are held against the index. */
  readonly rules: readonly PlannedRule[]
  /** Rows below this are not looked at; 0 where correlations ask for them. */
  readonly from: number
  /** A second thread, for work on blocks of sources. */
  readonly thread: BlockThread | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: DetectProgress) => void
}

/** What the values of fields tell, short ones and long ones. */
export type FieldsKnown = ValuesKnown & LongTextsKnown & Pick<KnownValues, 'certain'>

/**
 * Learns the fields that tell log sources first, and then those alone that rules whose log source is there ask for. Of all
 * other fields only whether events have them is known: then their predicates count as possible.
 */
export async function learnFields(job: FieldsJob): Promise<FieldsKnown> {
  const { index, plan, testers, rules, from, thread, signal, onProgress } = job
  let done = 0
  let total = 0
  const onField = (): void => onProgress({ step: 'values', done: ++done, total, unit: 'fields' })
  const learn = async (fields: ReadonlySet<string>, asked?: Uint8Array): Promise<FieldsKnown> => {
    total += fields.size
    let areValuesKnown = false
    const leaves = (): boolean => !areValuesKnown
    const longTexts = learnLongTexts(index, plan.table, testers, { fields, from, signal, thread, leaves })
    const values = learnValues(index, plan.table, testers, { fields, asked, from, signal, onField }).finally(
      () => {
        areValuesKnown = true
      },
    )
    await waitForAll<unknown>([values, longTexts])
    return { ...(await values), ...(await longTexts), certain: new Set() }
  }
  const present = new Set([...testers.fields].filter((field) => index.placeOf(field) !== 'nowhere'))
  const sourceFields = listLogSourceFields(rules, plan)
  const nothing = assume(job, new Set())
  const there = join({ ...nothing, ...learnOthers(index, plan.table) }, await learn(sourceFields))
  const sources = { ...there, certain: await learnCertain(job, listExcluding(rules), there) }
  const able = settleRules(rules, join(sources, assume(job, present.difference(sourceFields))))
  const asked = listAsked(able, plan)
  const fields = listFields(asked, plan).difference(sourceFields)
  const others = await learn(fields, asked)
  return join(join(sources, others), assume(job, present.difference(sourceFields.union(fields))))
}

/** What is known of fields that events have and that are not read: all that is asked of them is possible. */
function assume({ plan, testers }: FieldsJob, present: ReadonlySet<string>): FieldsKnown {
  const possible = new Uint8Array(plan.table.all.length)
  for (const field of present) for (const number of testers.predicatesOf(field)) possible[number] = 1
  return {
    fields: new Map(),
    possible,
    possibleLong: new Uint8Array(possible.length),
    certain: new Set(),
    present,
    words: new Map(),
  }
}

/** What is known of some fields and of others together. */
function join(a: FieldsKnown, b: FieldsKnown): FieldsKnown {
  return {
    fields: new Map([...a.fields, ...b.fields]),
    possible: a.possible.map((flag, number) => flag | b.possible[number]!),
    possibleLong: a.possibleLong.map((flag, number) => flag | b.possibleLong[number]!),
    certain: a.certain.union(b.certain),
    present: new Set([...a.present, ...b.present]),
    words: new Map([...a.words, ...b.words]),
  }
}
