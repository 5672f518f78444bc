import { createHash, randomBytes } from 'node:crypto'
import { type AnalyzerParameters, type AnalyzerSettings, planParameters } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'
import { invalid } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Timeline } from '../timelines/timeline-service.ts'
import type { AnalyzerRequest } from './analyzer-service.ts'
import type { AnyAnalyzer } from './house-analyzer.ts'

/** Sets of parameters of one analyzer, in the order in which they run. */
export interface AnalyzerPlan {
  readonly analyzer: AnyAnalyzer
  readonly sets: readonly AnalyzerParameters[]
  /** Of all sets: the same when the same would be run again. */
  readonly hash: string
}

/** Longest JSON text of the parameters of one analyzer. */
const MAX_PARAMETERS_LENGTH = 1_048_576

/**
 * With which parameters analyzers are to be run.
 *
 * @throws {DomainError} `invalid` (`bad-parameters`).
 */
export async function planAnalyzers(
  analyzers: readonly AnyAnalyzer[],
  settings: AnalyzerSettings,
  given: AnalyzerRequest['parameters'],
): Promise<readonly AnalyzerPlan[]> {
  const byName = given && Object.keys(given).length > 0 ? given : settings.defaultParameters
  const plans: AnalyzerPlan[] = []
  for (const analyzer of analyzers) {
    const own = Object.hasOwn(byName, analyzer.name) ? byName[analyzer.name] : undefined
    const sets = planParameters(analyzer, settings, requireParameters(analyzer.name, own))
    const hash = createHash('sha1').update(sortedJson(sets))
    if ('describeState' in analyzer && analyzer.describeState) hash.update(await analyzer.describeState())
    plans.push({ analyzer, sets, hash: hash.digest('hex') })
  }
  return plans
}

/**
 * Records a session of what is to be run over a timeline: all, or what has not been done with the same parameters since the
 * timeline changed.
 *
 * @returns Undefined when nothing is to be run.
 */
export async function recordSession(
  { db, now }: Pick<ServiceContext, 'db' | 'now'>,
  principal: Principal,
  sketchId: number,
  timeline: Timeline,
  plans: readonly AnalyzerPlan[],
  force: boolean,
): Promise<number | undefined> {
  const wanted: AnalyzerPlan[] = []
  for (const plan of plans) {
    const before = force
      ? undefined
      : await db
          .selectFrom('analyses')
          .select('id')
          .where('timeline_id', '=', timeline.id)
          .where('analyzer', '=', plan.analyzer.name)
          .where('plan_hash', '=', plan.hash)
          .where('status', '=', 'DONE')
          .where('created_at_ms', '>', Math.max(timeline.updatedAtMs, timeline.statusChangedAtMs))
          .executeTakeFirst()
    if (!before) wanted.push(plan)
  }
  if (wanted.length === 0) return undefined
  const atMs = now()
  const times = { created_at_ms: atMs, updated_at_ms: atMs }
  return await db.transaction().execute(async (transaction) => {
    const session = await transaction
      .insertInto('analysis_sessions')
      .values({ sketch_id: sketchId, owner_id: principal.userId, ...times })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const { analyzer, sets, hash } of wanted)
      for (const set of sets)
        await transaction
          .insertInto('analyses')
          .values({
            session_id: session.id,
            sketch_id: sketchId,
            timeline_id: timeline.id,
            owner_id: principal.userId,
            analyzer: analyzer.name,
            parameters_json: JSON.stringify(set),
            plan_hash: hash,
            status: 'PENDING',
            status_changed_at_ms: atMs,
            result: null,
            log: null,
            mark_group: `analysis-${randomBytes(16).toString('hex')}`,
            ...times,
          })
          .execute()
    return session.id
  })
}

function requireParameters(
  name: string,
  value: unknown,
): AnalyzerParameters | readonly AnalyzerParameters[] | undefined {
  if (value === undefined || value === null) return undefined
  const sets = Array.isArray(value) ? value : [value]
  const isSet = (set: unknown): boolean => set !== null && typeof set === 'object' && !Array.isArray(set)
  if (!sets.every(isSet))
    throw invalid('bad-parameters', `The parameters of ${name} are an object, or a list of objects.`, {
      analyzer: name,
    })
  const length = JSON.stringify(sets).length
  if (length > MAX_PARAMETERS_LENGTH)
    throw invalid(
      'bad-parameters',
      `The parameters of ${name} have at most ${MAX_PARAMETERS_LENGTH} characters as JSON; these have ${length}.`,
      { analyzer: name, limit: MAX_PARAMETERS_LENGTH, found: length },
    )
  return sets as readonly AnalyzerParameters[]
}

/** JSON text in which members stand in the order of their names. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
