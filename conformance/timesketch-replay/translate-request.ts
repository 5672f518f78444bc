import type { Identities, Kind } from './identities.ts'

const PATH_PARTS: readonly (readonly [RegExp, Kind])[] = [
  [/(\/sketches\/)(\d+)/, 'sketch'],
  [/(\/timelines\/)(\d+)/, 'timeline'],
  [/(\/views\/)(\d+)/, 'view'],
  [/(\/stories\/)(\d+)/, 'story'],
  [/(\/aggregation\/)(\d+)/, 'aggregation'],
  [/(\/aggregation\/group\/)(\d+)/, 'group'],
  [/(\/graphs\/)(\d+)/, 'graph'],
  [/(\/questions\/)(\d+)/, 'question'],
  [/(\/searchindices\/)(\d+)/, 'search-index'],
  [/(\/datasource\/)(\d+)/, 'data-source'],
  [/(\/analyzer\/sessions\/)(\d+)/, 'session'],
  [/(\/users\/)(\d+)/, 'user'],
  [/(annotation_id=)(\d+)/, 'comment'],
]
const MEMBERS: Readonly<Record<string, Kind>> = {
  sketch_id: 'sketch',
  timeline_ids: 'timeline',
  timelineIds: 'timeline',
  indices: 'timeline',
  timeline: 'search-index',
  search_id: 'view',
}

/** A recorded path with our ids in it. */
export function translatePath(path: string, identities: Identities): string {
  let result = path
  for (const [pattern, kind] of PATH_PARTS)
    result = result.replace(
      pattern,
      (_, before: string, id: string) => before + identities.translate(kind, id),
    )
  return identities.translateText(result)
}

/** A recorded body with our ids in it. */
export function translateBody(value: unknown, identities: Identities, member = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => translateBody(item, identities, member))
  if (value !== null && typeof value === 'object') {
    // The comment that is edited is named inside its annotation.
    const isEdit = member === 'annotation'
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        isEdit && key === 'id' && typeof item === 'number'
          ? Number(identities.translate('comment', item))
          : translateBody(item, identities, key),
      ]),
    )
  }
  if (typeof value === 'string') return identities.translateText(value)
  const kind = MEMBERS[member]
  return typeof value === 'number' && kind !== undefined ? Number(identities.translate(kind, value)) : value
}
