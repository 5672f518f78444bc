import { EVENT_FIELDS } from '@timeskein/model'
import type { Principal } from '../../auth/principal.ts'
import { createEventView } from '../events/create-event-view.ts'
import type { EventView } from '../events/event-view.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import { carryOutMark, requireFewIds } from './carry-out-mark.ts'
import { describeNames } from './describe-names.ts'
import type { AttributeOutcome, MarkOptions, MarkResult } from './mark-service.ts'
import { withMarkTurn } from './mark-turn.ts'

const RESERVED = new Set<string>(EVENT_FIELDS)

/** See `MarkService.addAttributes`. */
export async function addAttributes(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  items: readonly { readonly eventId: string; readonly name: string; readonly value: unknown }[],
): Promise<AttributeOutcome> {
  await context.access.requireOpenSketch(principal, sketchId, 'write')
  const ids = [...new Set(items.map((item) => item.eventId))]
  requireFewIds(ids)
  return await withMarkTurn(context, sketchId, () => addWhereNew(context, principal, sketchId, items, ids))
}

/** See `MarkService.setAttributes`. */
export async function setAttributes(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  items: Parameters<typeof addAttributes>[3],
  options: MarkOptions = {},
): Promise<MarkResult> {
  return await carryOutMark(context, principal, sketchId, {
    kind: 'attribute',
    value: describeNames([...new Set(items.map((item) => item.name))]),
    attributes: items.map(({ eventId, name, value }) => ({ id: eventId, name, json: value })),
    target: { ids: [...new Set(items.map((item) => item.eventId))] },
    options,
  })
}

async function addWhereNew(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  items: Parameters<typeof addAttributes>[3],
  ids: readonly string[],
): Promise<AttributeOutcome> {
  const views = await loadViews(context, sketchId, ids)
  const errors: AttributeOutcome['errors'][number][] = []
  const attributes: { id: string; name: string; json: unknown }[] = []
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
    attributes.push({ id: eventId, name, json: value })
  }
  if (attributes.length === 0) return { added: 0, eventsChanged: 0, errors, operationId: undefined }
  const changedIds = [...new Set(attributes.map((attribute) => attribute.id))]
  const names = [...new Set(attributes.map((attribute) => attribute.name))]
  const { operationId } = await carryOutMark(context, principal, sketchId, {
    kind: 'attribute',
    value: describeNames(names),
    attributes,
    target: { ids: changedIds },
  })
  return { added: attributes.length, eventsChanged: changedIds.length, errors, operationId }
}

async function loadViews(
  context: ServiceContext,
  sketchId: number,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, EventView>> {
  const { scope } = await resolveScope(context, sketchId, { entries: 'all', includeProcessing: true })
  const views = new Map<string, EventView>()
  if (scope.length === 0) return views
  for (const event of await context.store.getEvents(scope, eventIds)) {
    if (event) views.set(event.id, createEventView(event, sketchId))
  }
  return views
}
