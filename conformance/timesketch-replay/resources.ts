import type { OwnRequest } from './own-requests.ts'
import type { World } from './world.ts'

/** A resource of Timesketch's API: a method and a path. */
export interface JudgedResource {
  /** As `POST /api/v1/sketches/:sketchId/explore/`. */
  readonly name: string
  readonly permission: string
  /** Requests of the recording that it answered otherwise than by an error. */
  readonly replayed: number
  /** Requests of our own that it answered. */
  readonly own: readonly OwnRequest[]
}

/** Every resource that is served, with what it was asked. Paths that only lead to another are left out. */
export async function judgeResources(
  { listRoutes }: World,
  replayed: ReadonlyMap<string, number>,
  own: readonly OwnRequest[],
): Promise<readonly JudgedResource[]> {
  const resources = (await listRoutes()).filter(
    ({ path }) => path.startsWith('/api/v1/') && !path.endsWith('*'),
  )
  return resources.map(({ method, path, permission }) => ({
    name: `${method} ${path.replace(/\{[^}]*\}/g, '')}`,
    permission,
    replayed: replayed.get(`${method} ${path}`) ?? 0,
    own: own.filter((request) => request.method === method && toPattern(path).test(request.path)),
  }))
}

/** Requests that were answered otherwise than by an error since the server was opened, by method and path of their route. */
export async function countAnswers({ system }: World): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const { metricName, labels, value } of (await system.metrics.requestSeconds.get()).values) {
    if (!metricName?.endsWith('_count') || Number(labels.status) >= 400) continue
    const name = `${labels.method} ${labels.route}`
    counts.set(name, (counts.get(name) ?? 0) + value)
  }
  return counts
}

/** The most special route answers, as `/users/me/` before `/users/:userId/`: ids are numbers or UUIDs where they are asked here. */
function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/:(\w+)(\{[^}]*\})?/g, '(?:\\d+|[\\da-f-]{36})')}$`)
}
