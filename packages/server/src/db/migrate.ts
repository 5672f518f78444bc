import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Kysely } from 'kysely'
import { DomainError } from '../errors/domain-error.ts'
import { createFirstTables } from './migrations/0001-first.ts'
import { extendAuditAndComments } from './migrations/0002-audit-and-comments.ts'
import { createCaseWorkTables } from './migrations/0003-case-work.ts'
import { createCommentChanges } from './migrations/0004-comment-changes.ts'
import { createRuleTables } from './migrations/0005-rules.ts'
import { createAnalysisTables } from './migrations/0006-analyses.ts'
import { createAlertTables } from './migrations/0007-alerts.ts'
import { createPlatformKeys } from './migrations/0008-platform-keys.ts'
import { createConnectorTables } from './migrations/0009-connectors.ts'
import { createDeviceOperations } from './migrations/0010-device-operations.ts'
import { createWorkspaceTables } from './migrations/0011-workspace.ts'
import { createOrganisationTables } from './migrations/0012-organisations.ts'
import { noteUnseenEvents } from './migrations/0013-unseen-events.ts'
import { indexSketchOrder } from './migrations/0014-sketch-order.ts'
import { createAlertEngines } from './migrations/0015-alert-engines.ts'
import { indexAlertLookups } from './migrations/0016-alert-lookups.ts'
import { noteRemovedDevices } from './migrations/0017-removed-devices.ts'
import { createWebhookTable } from './migrations/0018-webhooks.ts'
import { noteOwnersOfDeviceNames } from './migrations/0019-owners-of-device-names.ts'
import { keepWhatPullsLeave } from './migrations/0020-items-put-aside.ts'
import { createAlertCounts } from './migrations/0021-alert-counts.ts'
import { findOwnersOfDeviceRecords } from './migrations/0022-records-of-devices.ts'
import { noteCopiesOfItems } from './migrations/0023-copies-of-items.ts'
import { keepAcceptedImports } from './migrations/0024-accepted-imports.ts'
import { indexAlertsBySekoiaIds } from './migrations/0025-alerts-by-sekoia-ids.ts'
import { indexFacts } from './migrations/0026-facts.ts'
import { noteItemsToEnter } from './migrations/0027-items-to-enter.ts'
import { noteLaterCopies } from './migrations/0028-later-copies.ts'
import type { Schema } from './schema.ts'
import type { MetadataDatabase } from './sqlite-database.ts'

interface Migration {
  readonly name: string
  readonly up: (db: Kysely<Schema>) => Promise<void>
}

/** In order; the version of a migration is its place, from 1. Only ever add at the end. */
const MIGRATIONS: readonly Migration[] = [
  { name: 'first', up: createFirstTables },
  { name: 'audit-and-comments', up: extendAuditAndComments },
  { name: 'case-work', up: createCaseWorkTables },
  { name: 'comment-changes', up: createCommentChanges },
  { name: 'rules', up: createRuleTables },
  { name: 'analyses', up: createAnalysisTables },
  { name: 'alerts', up: createAlertTables },
  { name: 'platform-keys', up: createPlatformKeys },
  { name: 'connectors', up: createConnectorTables },
  { name: 'device-operations', up: createDeviceOperations },
  { name: 'workspace', up: createWorkspaceTables },
  { name: 'organisations', up: createOrganisationTables },
  { name: 'unseen-events', up: noteUnseenEvents },
  { name: 'sketch-order', up: indexSketchOrder },
  { name: 'alert-engines', up: createAlertEngines },
  { name: 'alert-lookups', up: indexAlertLookups },
  { name: 'removed-devices', up: noteRemovedDevices },
  { name: 'webhooks', up: createWebhookTable },
  { name: 'owners-of-device-names', up: noteOwnersOfDeviceNames },
  { name: 'items-put-aside', up: keepWhatPullsLeave },
  { name: 'alert-counts', up: createAlertCounts },
  { name: 'records-of-devices', up: findOwnersOfDeviceRecords },
  { name: 'copies-of-items', up: noteCopiesOfItems },
  { name: 'accepted-imports', up: keepAcceptedImports },
  { name: 'alerts-by-sekoia-ids', up: indexAlertsBySekoiaIds },
  { name: 'facts', up: indexFacts },
  { name: 'items-to-enter', up: noteItemsToEnter },
  { name: 'later-copies', up: noteLaterCopies },
]

/** The schema version this program reads and writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length

/** What `migrate` did. */
export interface MigrationOutcome {
  readonly from: number
  readonly to: number
  /** The copy made before anything was changed; undefined for a new database and when nothing had to be done. */
  readonly backupPath: string | undefined
}

/**
 * Brings the tables up to this program's version, each step in a transaction of its own, after a copy of the database.
 *
 * @param directory - Where the copy goes (`metadata-v<version>-<time>.sqlite`).
 * @throws {DomainError} `conflict` (`schema-too-new`) when a newer program wrote the database; nothing is touched then.
 */
export async function migrate(
  database: MetadataDatabase,
  directory: string,
  nowMs: number = Date.now(),
): Promise<MigrationOutcome> {
  const { db } = database
  await db.schema
    .createTable('schema_versions')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  const row = await db
    .selectFrom('schema_versions')
    .select(({ fn }) => fn.max('version').as('version'))
    .executeTakeFirst()
  const from = Number(row?.version ?? 0)
  if (from > SCHEMA_VERSION) {
    throw new DomainError(
      'conflict',
      'schema-too-new',
      `The data directory was written by a newer Timeskein: its schema version is ${from}, this program knows ${SCHEMA_VERSION}. Start the newer program, or restore a backup made before the upgrade.`,
      { details: { found: from, known: SCHEMA_VERSION } },
    )
  }
  if (from === SCHEMA_VERSION) return { from, to: from, backupPath: undefined }
  const backupPath = from === 0 ? undefined : await copyBefore(database, directory, from, nowMs)
  for (let version = from + 1; version <= SCHEMA_VERSION; version++) {
    const migration = MIGRATIONS[version - 1]!
    await db.transaction().execute(async (transaction) => {
      await migration.up(transaction)
      await transaction
        .insertInto('schema_versions')
        .values({ version, name: migration.name, applied_at_ms: nowMs })
        .execute()
    })
  }
  return { from, to: SCHEMA_VERSION, backupPath }
}

async function copyBefore(
  database: MetadataDatabase,
  directory: string,
  version: number,
  nowMs: number,
): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '').slice(0, 15)
  let path = join(directory, `metadata-v${version}-${stamp}.sqlite`)
  for (let count = 2; existsSync(path); count++) {
    path = join(dirname(path), `metadata-v${version}-${stamp}-${count}.sqlite`)
  }
  await database.copyTo(path)
  return path
}
