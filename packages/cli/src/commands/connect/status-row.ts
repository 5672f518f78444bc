import type { ApiConnector } from '@timeskein/model'
import type { Prose } from '../../output/prose.ts'
import { formatTable } from '../../output/table.ts'
import { toMinute } from './to-minute.ts'

/** Columns of `skein connect status`. */
const STATUS_HEADER: readonly string[] = [
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

/**
 * Draws `skein connect status`. Nothing is cut: what is wrong is what the table is for, and goes beyond the line rather than end in dots.
 *
 * @param width - Columns of the terminal.
 */
export function drawStatus(connectors: readonly ApiConnector[], width: number): Prose {
  return formatTable(STATUS_HEADER, connectors.map(toStatusRow), {
    width,
    color: false,
    whole: STATUS_HEADER,
  })
}

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
