import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Conclusion } from './scenario-service.ts'

/** Labels of one question; more are asked for in further ones. */
const LABELS_PER_QUESTION = 200

/** The events of a sketch that carry one of these labels, by label. */
export async function findProofs(
  context: ServiceContext,
  sketchId: number,
  labels: readonly string[],
): Promise<ReadonlyMap<string, Conclusion['events']>> {
  const found = new Map<string, { id: string; index: string }[]>()
  const { scope } = await resolveScope(context, sketchId)
  if (scope.length === 0) return found
  for (let start = 0; start < labels.length; start += LABELS_PER_QUESTION) {
    const some = new Set(labels.slice(start, start + LABELS_PER_QUESTION))
    const query = {
      kind: 'or',
      of: [...some].map((name) => ({ kind: 'label', name, sketchId }) as const),
    } as const
    for await (const page of context.store.scan({ scope, query, sort: 'asc' }))
      for (const event of page)
        for (const label of event.marks.labels) {
          if (label.sketchId !== sketchId || !some.has(label.name)) continue
          const events = found.get(label.name)
          if (events) events.push({ id: event.id, index: event.index })
          else found.set(label.name, [{ id: event.id, index: event.index }])
        }
  }
  return found
}
