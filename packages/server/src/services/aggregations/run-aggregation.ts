import { type AggregatorAnswer, findAggregator, isAnalyzeError, runAggregator } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'
import { DomainError, invalid } from '../../errors/domain-error.ts'
import { requireAskedSketch } from '../explore/require-asked-sketch.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import type { AggregationRun } from './aggregation-service.ts'

/** See `AggregationService.run`. */
export async function runAggregation(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  run: AggregationRun,
): Promise<AggregatorAnswer> {
  await requireAskedSketch(context.access, principal, sketchId, run.selection)
  const aggregator = inDomainTerms(() => findAggregator(run.aggregator))
  const { scope, timelines } = await resolveScope(context, sketchId, run.selection)
  if (timelines.length === 0 && run.selection !== undefined)
    throw invalid('no-timelines', 'No timeline that can be searched was selected.', { sketchId })
  await context.audit.note(principal, {
    action: 'event.aggregate',
    subject: `sketch/${sketchId}`,
    sketchId,
    details: {
      aggregator: aggregator.name,
      ...(typeof run.parameters['field'] === 'string'
        ? { field: run.parameters['field'].slice(0, 100) }
        : {}),
      timelines: timelines.map(({ id }) => id).slice(0, 100),
    },
  })
  const stop = context.metrics.searchSeconds.startTimer({ kind: 'aggregate' })
  try {
    return await runAggregator(aggregator, {
      store: context.store,
      scope,
      sketchId,
      parameters: run.parameters,
      ...(run.signal === undefined ? {} : { signal: run.signal }),
    })
  } catch (error) {
    throw toDomainError(error)
  } finally {
    stop()
  }
}

function inDomainTerms<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw toDomainError(error)
  }
}

function toDomainError(error: unknown): unknown {
  if (!isAnalyzeError(error)) return error
  if (error.code === 'unknown-aggregator')
    return new DomainError('not-found', 'aggregator-not-found', error.message, { cause: error })
  return invalid(error.code, error.message, { parameter: error.parameter })
}
