import type { Scope } from '@timeskein/store'
import type { Principal } from '../../auth/principal.ts'
import { readableSketches } from '../access/readable-by.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Timeline } from '../timelines/timeline-service.ts'

/** All events that somebody may read. */
export interface ReadableEvents {
  readonly scope: Scope
  readonly timelines: readonly Timeline[]
}

/**
 * The timelines of all sketches that somebody may read and that are open, those too that more is coming into.
 *
 * @param sketchIds - Only of these. @default all
 */
export async function findReadableEvents(
  context: Pick<ServiceContext, 'db' | 'cache'>,
  principal: Principal,
  sketchIds?: ReadonlySet<number>,
): Promise<ReadableEvents> {
  const sketches = await context.db
    .selectFrom('sketches')
    .select('id')
    .where('status', 'not in', ['archived', 'deleted'])
    .where('id', 'in', readableSketches(principal))
    .execute()
  const timelines: Timeline[] = []
  const byIndex = new Map<string, number[]>()
  for (const { id } of sketches) {
    if (sketchIds && !sketchIds.has(id)) continue
    const resolved = await resolveScope(context, id, { entries: 'all', includeProcessing: true })
    timelines.push(...resolved.timelines)
    for (const { index, timelineIds = [] } of resolved.scope)
      byIndex.set(index, [...(byIndex.get(index) ?? []), ...timelineIds])
  }
  return { scope: [...byIndex].map(([index, timelineIds]) => ({ index, timelineIds })), timelines }
}
