import type { Scope } from '@timeskein/store'

/** Whether all timelines of one scope are in another one, which names its timelines. */
export function isWithin(scope: Scope, all: Scope): boolean {
  const known = new Map(all.map(({ index, timelineIds = [] }) => [index, new Set(timelineIds)]))
  return scope.every(({ index, timelineIds }) => {
    const ids = known.get(index)
    return ids !== undefined && timelineIds?.every((id) => ids.has(id)) === true
  })
}
