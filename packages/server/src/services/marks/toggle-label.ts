import type { Principal } from '../../auth/principal.ts'
import { createEventView } from '../events/create-event-view.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import { carryOutMark, type MarkAct, requireFewIds } from './carry-out-mark.ts'
import type { MarkResult } from './mark-service.ts'

/** See `MarkService.toggleLabel`. */
export async function toggleLabel(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  label: string,
  ids: readonly string[],
): Promise<readonly MarkResult[]> {
  await context.access.requireOpenSketch(principal, sketchId, 'write')
  requireFewIds(ids)
  const { scope } = await resolveScope(context, sketchId, { entries: 'all', includeProcessing: true })
  const events = scope.length === 0 ? [] : await context.store.getEvents(scope, [...new Set(ids)])
  const having: string[] = []
  const lacking: string[] = []
  for (const event of events) {
    if (!event) continue
    const has = createEventView(event, sketchId).labels.includes(label)
    if (has) having.push(event.id)
    else lacking.push(event.id)
  }
  const acts: MarkAct[] = []
  if (lacking.length > 0) acts.push({ kind: 'label', value: label, target: { ids: lacking } })
  if (having.length > 0) acts.push({ kind: 'unlabel', value: label, target: { ids: having } })
  const results: MarkResult[] = []
  for (const act of acts) results.push(await carryOutMark(context, principal, sketchId, act))
  return results
}
