import type { Scope } from '@timeskein/store'
import { invalid } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'
import { rememberTimelines } from '../timelines/load-timelines.ts'
import type { Timeline } from '../timelines/timeline-service.ts'
import type { ResolvedScope, TimelineSelection } from './explore-service.ts'

/** See `ExploreService.resolveScope`. */
export async function resolveScope(
  context: Pick<ServiceContext, 'db' | 'cache'>,
  sketchId: number,
  selection: TimelineSelection = { entries: 'all' },
): Promise<ResolvedScope> {
  const timelinesOfSketch = await rememberTimelines(context, sketchId)
  if (selection.refuseUnknown === true && selection.entries !== 'all')
    requireKnown(
      timelinesOfSketch.filter((timeline) => timeline.status !== 'deleted'),
      selection.entries,
      sketchId,
    )
  const askable = timelinesOfSketch.filter(
    (timeline) =>
      timeline.status === 'ready' ||
      (selection.includeProcessing === true && timeline.status === 'processing') ||
      (selection.includeArchived === true && timeline.status === 'archived'),
  )
  const timelines =
    selection.entries === 'all' || selection.entries.includes('_all')
      ? askable
      : selectTimelines(askable, selection.entries)
  return { scope: toScope(timelines), timelines }
}

/** The scope of these timelines: for each index those of them that live in it. */
function toScope(timelines: readonly Timeline[]): Scope {
  const byIndex = Map.groupBy(timelines, (timeline) => timeline.searchIndex.indexName)
  return [...byIndex].map(([index, own]) => ({ index, timelineIds: own.map((timeline) => timeline.id) }))
}

function requireKnown(
  timelines: readonly Timeline[],
  entries: readonly (string | number)[],
  sketchId: number,
): void {
  const unknown = entries.filter(
    (entry) => entry !== '_all' && selectTimelines(timelines, [entry]).length === 0,
  )
  if (unknown.length === 0) return
  throw invalid(
    'unknown-timelines',
    `Names or ids of timelines of sketch ${sketchId} were expected in "timelines", found ${unknown
      .slice(0, MAX_TOLD)
      .map((entry) => JSON.stringify(typeof entry === 'number' ? entry : entry.slice(0, 256)))
      .join(', ')}${unknown.length > MAX_TOLD ? ` and ${unknown.length - MAX_TOLD} more` : ''}.`,
    { sketchId, unknown: unknown.slice(0, MAX_TOLD) },
  )
}

/** Unknown timelines that a refusal names. */
const MAX_TOLD = 10

function selectTimelines(
  timelines: readonly Timeline[],
  entries: readonly (string | number)[],
): readonly Timeline[] {
  const ids = new Set<number>()
  const names = new Set<string>()
  const indexNames = new Set<string>()
  for (const entry of entries) {
    if (typeof entry === 'number') ids.add(entry)
    else if (timelines.some((timeline) => timeline.searchIndex.indexName === entry)) indexNames.add(entry)
    else if (/^\d{1,15}$/.test(entry)) ids.add(Number(entry))
    else names.add(entry.toLowerCase())
  }
  return timelines.filter(
    (timeline) =>
      ids.has(timeline.id) ||
      indexNames.has(timeline.searchIndex.indexName) ||
      names.has(timeline.name.toLowerCase()),
  )
}
