import type { Query } from '@timeskein/query'
import type { EventStore, Scope } from '@timeskein/store'
import type { FoundField } from './search-job-service.ts'

/** Values of a field that are told. */
const COMMONEST = 5

/** The fields of events that answer, the commonest values of each field of the page with their shares. */
export async function countFields(
  store: EventStore,
  { scope, query }: { readonly scope: Scope; readonly query: Query },
  { limit, offset }: { readonly limit: number; readonly offset: number },
  signal?: AbortSignal,
): Promise<{ readonly items: readonly FoundField[]; readonly total: number }> {
  const fields = (await store.listFields(scope)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const present: typeof fields = []
  const wanted = fields.filter(({ eventCount }) => eventCount > 0)
  // Which fields the events that answer have, in one question.
  const { aggregations: counts } = await store.search({
    scope,
    query,
    sort: 'desc',
    size: 0,
    aggregations: Object.fromEntries(
      wanted.map(({ name }, at) => [String(at), { kind: 'value_count' as const, field: name }]),
    ),
    ...(signal && { signal }),
  })
  for (const [at, field] of wanted.entries()) {
    const count = counts[String(at)]
    if (count?.kind === 'metric' && (count.value ?? 0) > 0) present.push(field)
  }
  const page = present.slice(offset, offset + limit)
  const { aggregations } = await store.search({
    scope,
    query,
    sort: 'desc',
    size: 0,
    aggregations: Object.fromEntries(
      page.map(({ name }, at) => [
        String(at),
        {
          kind: 'terms' as const,
          field: name,
          size: COMMONEST,
          order: { by: '_count' as const, direction: 'desc' as const },
          minCount: 1,
        },
      ]),
    ),
    ...(signal && { signal }),
  })
  const items = page.map((field, at): FoundField => {
    const terms = aggregations[String(at)]
    const count = counts[String(wanted.indexOf(field))]
    const total = count?.kind === 'metric' ? (count.value ?? 0) : 0
    return {
      name: field.name,
      kind: field.kinds.every((kind) => kind === 'integer' || kind === 'real') ? 'number' : 'string',
      commonest:
        terms?.kind === 'buckets' && total > 0
          ? terms.buckets.map((bucket) => ({
              value: String(bucket.key),
              percent: Math.round((bucket.count / total) * 10_000) / 100,
            }))
          : [],
    }
  })
  return { items, total: present.length }
}
