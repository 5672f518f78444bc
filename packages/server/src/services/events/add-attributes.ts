import { EVENT_FIELDS } from '@timeskein/model'
import type { Principal } from '../../auth/principal.ts'
import { resolveScope } from '../explore/create-explore-service.ts'
import { carryOutMark, requireFewIds } from '../marks/carry-out-mark.ts'
import type { AttributeOutcome } from '../marks/mark-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { createEventView } from './create-event-view.ts'
import type { EventView } from './event-view.ts'

const RESERVED = new Set<string>(EVENT_FIELDS)

/** See `MarkService.addAttributes`. Equal attributes of several events are one operation. */
export async function addAttributes(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  items: readonly { readonly eventId: string; readonly name: string; readonly value: unknown }[],
): Promise<AttributeOutcome> {
  await context.access.requireOpenSketch(principal, sketchId, 'write')
  const ids = items.map((item) => item.eventId)
  requireFewIds(ids)
  const views = await loadViews(context, sketchId, ids)
  const errors: AttributeOutcome['errors'][number][] = []
  const groups = new Map<string, { name: string; value: unknown; ids: string[] }>()
  const planned = new Set<string>()
  for (const { eventId, name, value } of items) {
    const view = views.get(eventId)
    const key = JSON.stringify([eventId, name])
    const reason = RESERVED.has(name)
      ? 'reserved-name'
      : name.startsWith('_') || name === ''
        ? 'leading-underscore'
        : !view
          ? 'unknown-event'
          : view.members.has(name) || planned.has(key)
            ? 'exists'
            : undefined
    if (reason) {
      errors.push({ eventId, name, reason })
      continue
    }
    planned.add(key)
    const groupKey = JSON.stringify([name, value])
    const group = groups.get(groupKey)
    if (group) group.ids.push(eventId)
    else groups.set(groupKey, { name, value, ids: [eventId] })
  }
  const operationIds: string[] = []
  const changedEvents = new Set<string>()
  let added = 0
  for (const { name, value, ids } of groups.values()) {
    const result = await carryOutMark(context, principal, sketchId, {
      kind: 'attribute',
      value: name,
      json: value,
      target: { ids },
    })
    operationIds.push(result.operationId)
    added += ids.length
    for (const id of ids) changedEvents.add(id)
  }
  return { added, eventsChanged: changedEvents.size, errors, operationIds }
}

async function loadViews(
  context: ServiceContext,
  sketchId: number,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, EventView>> {
  const { scope } = await resolveScope(context, sketchId, { entries: 'all', includeProcessing: true })
  const views = new Map<string, EventView>()
  if (scope.length === 0) return views
  for (const event of await context.store.getEvents(scope, [...new Set(eventIds)])) {
    if (event) views.set(event.id, createEventView(event, sketchId))
  }
  return views
}
