import type { Platform } from '@timeskein/ingest/platforms'
import type { Kysely, Selectable } from 'kysely'
import type { ConnectorRow } from '../../db/connector-schema.ts'
import type { Schema } from '../../db/schema.ts'
import type { Connector, PullCounts } from './connector-service.ts'
import type { RunningPull } from './open-pulls.ts'
import type { StreamCursors } from './pull/pull-batch.ts'

/** What is no secret of how a platform is reached. */
export interface ConnectorSettings {
  readonly clientId?: string
  readonly organisationId?: string
  readonly isLoopbackAllowed: boolean
}

/** What a connector is made with. Earlier versions kept ids with connectors of Sekoia.io, for which they mean nothing. */
export function readSettings({
  platform,
  settings_json,
}: Pick<Selectable<ConnectorRow>, 'platform' | 'settings_json'>): ConnectorSettings {
  const settings = JSON.parse(settings_json) as ConnectorSettings
  return platform === 'sekoia' ? { isLoopbackAllowed: settings.isLoopbackAllowed } : settings
}

/** No item at all. */
export const NO_COUNTS: PullCounts = { read: 0, new: 0, updated: 0, unchanged: 0, rejected: 0 }

/** The sum of what two pulls did. */
export function addCounts(a: PullCounts, b: PullCounts): PullCounts {
  return {
    read: a.read + b.read,
    new: a.new + b.new,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    rejected: a.rejected + b.rejected,
  }
}

/** What a connector's secret is sealed for: in another connector's place it cannot be read. */
export function namePurpose(uid: string): string {
  return `connector ${uid}`
}

/** Stream -> the time up to which it was read; of what has no times to go by, when it was read. */
export function toTimes(cursors: StreamCursors): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(cursors).flatMap(([name, { upTo, readAt }]) => {
      const time = upTo ?? readAt
      return time === undefined ? [] : [[name, time]]
    }),
  )
}

/** A connector by its name; undefined when there is none. */
export async function findConnectorRow(
  db: Kysely<Schema>,
  name: string,
): Promise<Selectable<ConnectorRow> | undefined> {
  return await db
    .selectFrom('connectors')
    .selectAll()
    .where('name', '=', name)
    .where('removed_at_ms', 'is', null)
    .executeTakeFirst()
}

/**
 * Rows with the names of their users, as callers see them.
 *
 * @param findRunning - The pull of a connector that runs now, by its name.
 */
export async function toConnectors(
  db: Kysely<Schema>,
  rows: readonly Selectable<ConnectorRow>[],
  findRunning: (name: string) => RunningPull | undefined,
): Promise<readonly Connector[]> {
  if (rows.length === 0) return []
  const users = await db
    .selectFrom('users')
    .select(['id', 'username'])
    .where('id', 'in', [...new Set(rows.map((row) => row.user_id))])
    .execute()
  const names = new Map(users.map(({ id, username }) => [id, username]))
  const rejects = await db
    .selectFrom('connector_rejects')
    .select(['connector_uid', ({ fn }) => fn.countAll<number>().as('count')])
    .where(
      'connector_uid',
      'in',
      rows.map(({ uid }) => uid),
    )
    .groupBy('connector_uid')
    .execute()
  const asideCounts = new Map(rejects.map(({ connector_uid, count }) => [connector_uid, Number(count)]))
  return rows.map((row) => {
    const { clientId, organisationId } = readSettings(row)
    const running = findRunning(row.name)
    const problem = running?.problemBefore ?? row.problem
    return {
      uid: row.uid,
      name: row.name,
      platform: row.platform as Platform,
      url: row.url,
      sketchId: row.sketch_id,
      timelineId: row.timeline_id ?? undefined,
      username: names.get(row.user_id) ?? '',
      clientId,
      organisationId,
      status: {
        state: row.state as Connector['status']['state'],
        problem: problem === '' ? undefined : problem,
        pulling: running && { sinceMs: running.sinceMs, read: running.read },
        sinceMs: row.state_since_ms,
        lastPullMs: row.last_pull_ms ?? undefined,
        nextPullMs: row.next_pull_ms,
        failures: row.failures,
      },
      cursor: toTimes(JSON.parse(row.cursors_json) as StreamCursors),
      counts: JSON.parse(row.counts_json) as PullCounts,
      asideCount: asideCounts.get(row.uid) ?? 0,
      createdAtMs: row.created_at_ms,
    }
  })
}
