import type { ApiConnector } from '@timeskein/model'
import { toMinute } from './to-minute.ts'

/** Columns of `skein connect status`. */
export const STATUS_HEADER: readonly string[] = [
  'name',
  'platform',
  'state',
  'since',
  'last pull',
  'next',
  'items',
  'aside',
  'problem',
]

/** A connector as a row of `skein connect status`; of one that is pulled now, how far that is. */
export function toStatusRow(connector: ApiConnector): string[] {
  const { name, platform, lastPull, counts, aside, problem = '', pulling } = connector
  const [state, since, next] = pulling
    ? [`pulling, ${pulling.read} read`, pulling.since, 'now']
    : [connector.state, connector.since, toMinute(connector.nextPull)]
  return [
    name,
    platform,
    state,
    toMinute(since),
    lastPull === undefined ? 'never' : toMinute(lastPull),
    next,
    String(counts.new),
    String(aside),
    problem,
  ]
}
