import { chmod, mkdir, open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ANALYZERS } from '@timeskein/analyze'
import type { EventStore } from '@timeskein/store'
import type { Kysely } from 'kysely'
import { createAuthService } from './auth/create-auth-service.ts'
import { makePassword } from './auth/password.ts'
import { SecretBox } from './auth/secret-box.ts'
import { type DataLock, lockDataDirectory } from './data-lock.ts'
import { type DataPaths, listDataPaths } from './data-paths.ts'
import { type MigrationOutcome, migrate } from './db/migrate.ts'
import type { Schema } from './db/schema.ts'
import { type MetadataDatabase, openSqliteDatabase } from './db/sqlite-database.ts'
import { writeWebhookMessage } from './dialects/threatstack/wire/webhook-message.ts'
import { isOutOfRoom } from './errors/out-of-room.ts'
import { listDueFiles } from './import/accepted/due-imports.ts'
import { createImporter, type Importer } from './import/create-import-service.ts'
import { recoverImports } from './import/log/recover-imports.ts'
import { recoverItems } from './import/log/recover-items.ts'
import { recoverUploads } from './import/log/recover-uploads.ts'
import { createLogger } from './log.ts'
import { createMetrics } from './metrics.ts'
import { openEmbeddedStore } from './open-embedded-store.ts'
import { createAccessService } from './services/access/create-access-service.ts'
import { StructureCache } from './services/access/structure-cache.ts'
import { analyzeAfter, analyzeAfterImports } from './services/analyzers/auto-run.ts'
import { type AnalyzerHouse, createAnalyzerService } from './services/analyzers/create-analyzer-service.ts'
import { recoverAnalyses } from './services/analyzers/recover-analyses.ts'
import { createSigmaAnalyzer } from './services/analyzers/sigma-analyzer.ts'
import type { AuditService } from './services/audit/audit-service.ts'
import { createAuditService } from './services/audit/create-audit-service.ts'
import { createCaseServices } from './services/case-services.ts'
import { createChangeFeed } from './services/changes/create-change-feed.ts'
import { ConfigFolder } from './services/config/config-folder.ts'
import {
  type ConnectorHouse,
  createConnectorService,
} from './services/connectors/create-connector-service.ts'
import { ConnectorScheduler } from './services/connectors/scheduler.ts'
import { createDetection, type Detection } from './services/detection-services.ts'
import { expectUnseen } from './services/detections/sketch-detection.ts'
import { createEventService } from './services/events/create-event-service.ts'
import { createExploreService } from './services/explore/create-explore-service.ts'
import { createMarkService } from './services/marks/create-mark-service.ts'
import { reconcileMarks } from './services/marks/reconcile-marks.ts'
import { completeUndoRedo } from './services/marks/undo-redo.ts'
import { createPlatformKeyService } from './services/platform-keys/create-platform-key-service.ts'
import { createPlatformTokenService } from './services/platform-keys/platform-token-service.ts'
import { createPlatformLimitService } from './services/platform-limits/platform-limit-service.ts'
import { bringInStarterRules } from './services/rules/starter-rules.ts'
import { createSearchIndexService } from './services/search-indexes/create-search-index-service.ts'
import { runCleanups } from './services/search-indexes/store-cleanup.ts'
import type { SearchJobService } from './services/search-jobs/search-job-service.ts'
import { createSavedSearchService } from './services/searches/create-saved-search-service.ts'
import { createSearchHistoryService } from './services/searches/create-search-history-service.ts'
import type { ServiceContext } from './services/service-context.ts'
import type { Services } from './services/services.ts'
import { createSketchAttributeService } from './services/sketches/create-sketch-attribute-service.ts'
import { createSketchService } from './services/sketches/create-sketch-service.ts'
import { createDataSourceService } from './services/timelines/create-data-source-service.ts'
import { createTimelineService } from './services/timelines/create-timeline-service.ts'
import { Turns } from './services/turns.ts'
import { createGroupService } from './services/users/create-group-service.ts'
import { createUserService, insertUser } from './services/users/create-user-service.ts'
import { createWorkspaceServices } from './services/workspace-services.ts'
import type { RecoveryNote, System, SystemOptions } from './system.ts'
import { VERSION } from './version.ts'

/** Name of the administrator that the first run makes. */
const FIRST_ADMIN = 'admin'
/** How long imports that are running may go on when the system is closed. */
const DEFAULT_DEADLINE_MS = 10_000

/**
 * Opens a data directory for this process alone: makes what is missing, brings tables up to date, settles what a crash left.
 *
 * @throws {DomainError} `conflict`: `data-directory-locked` (another process has it; it is named), `schema-too-new`.
 */
export async function openSystem(options: SystemOptions): Promise<System> {
  const dataDirectory = resolve(options.dataDirectory)
  const lock = await lockDataDirectory(dataDirectory)
  let database: MetadataDatabase | undefined
  let store: EventStore | undefined
  try {
    const paths = await makeDirectories(dataDirectory)
    database = openSqliteDatabase(paths.database, options.logger)
    const migration = await migrate(database, paths.backups, options.now?.())
    store = await (options.openStore ?? openEmbeddedStore)(paths.indexes, options.logger)
    return await assemble({ dataDirectory, paths, lock, database, migration, store, options })
  } catch (error) {
    // Whatever fails to close beside it, why it could not be opened is what to say.
    await closeAll([
      async () => await store?.[Symbol.asyncDispose](),
      async () => await database?.close(),
      () => lock.release(),
    ]).catch((second: unknown) =>
      options.logger?.error({ err: second }, 'a data directory that could not be opened was not closed well'),
    )
    throw error
  }
}

interface Parts {
  readonly dataDirectory: string
  readonly paths: DataPaths
  readonly lock: DataLock
  readonly database: MetadataDatabase
  readonly migration: MigrationOutcome
  readonly store: EventStore
  readonly options: SystemOptions
}

async function assemble(parts: Parts): Promise<System> {
  const { database, store, options, paths } = parts
  const { db } = database
  const now = options.now ?? Date.now
  const log = options.logger ?? createLogger({ level: 'silent' })
  const metrics = createMetrics()
  let importer: Importer | undefined
  let detection: Detection | undefined
  const syncDatabase = (): Promise<void> => database.sync()
  const audit = createAuditService({ db, syncDatabase, now, log })
  const cache = new StructureCache((tables) => database.structureVersion(tables))
  const access = createAccessService(db, audit, cache)
  const context: ServiceContext = {
    db,
    syncDatabase,
    writeInThread: (job, input, mayCommit) => database.writeInThread(job, input, mayCommit),
    store,
    log,
    metrics,
    audit,
    changes: createChangeFeed(),
    access,
    cache,
    config: new ConfigFolder(paths.config, log),
    secrets: new SecretBox(paths.secretKey),
    turns: new Turns(),
    rejectsDirectory: paths.rejects,
    now,
    cancelImports: async (timelineIds) =>
      await importer?.cancelInto(timelineIds, 'The timeline was deleted.'),
    untilImportsRest: async (signal) => await importer?.untilRest(signal),
    lookAtEvents: (principal, sketchId) => detection?.live.start(principal, sketchId),
  }
  // Whoever ended without a word may have stored what nobody looked at.
  if (parts.lock.tookOverFrom) await expectUnseen(db).catch(putOff)
  const settled = await recover(context, paths, now()).catch(putOff)
  const recovery = [...describeStart(parts), ...settled]
  for (const note of recovery)
    log[note.severity === 'warning' ? 'warn' : 'info']({ code: note.code }, note.message)

  const timelines = createTimelineService(context)
  importer = createImporter(context, timelines, paths)
  const explore = createExploreService(context)
  const savedSearches = createSavedSearchService(context)
  const marks = createMarkService(context)
  const caseServices = createCaseServices(context, { explore, savedSearches, marks })
  detection = createDetection(context, paths.cache, writeWebhookMessage)
  const analyzers = createAnalyzerService(
    context,
    { explore, savedSearches, marks, ...caseServices },
    options.analyzers ?? [
      ...ANALYZERS,
      createSigmaAnalyzer(detection.services.detections, detection.library),
    ],
  )
  const connectors = createConnectorService(context)
  const scheduler = new ConnectorScheduler(context, connectors)
  if (options.starterRules ?? true) await bringInStarterRules(context).catch(putOff)
  const sketches = createSketchService(context)
  const workspace = await createWorkspaceServices(
    context,
    { ...detection.services, sketches, timelines },
    join(paths.cache, 'exports'),
  )
  const services: Services = {
    auth: createAuthService({ db, audit, metrics, now, cache }),
    users: createUserService(context),
    platformKeys: createPlatformKeyService(context),
    platformTokens: createPlatformTokenService(context),
    platformLimits: createPlatformLimitService(context),
    groups: createGroupService(context),
    sketches,
    access,
    searchIndexes: createSearchIndexService(context),
    timelines,
    dataSources: createDataSourceService(context),
    savedSearches,
    searchHistory: createSearchHistoryService(context),
    explore,
    marks,
    events: createEventService(context),
    sketchAttributes: createSketchAttributeService(context),
    ...caseServices,
    ...detection.services,
    ...workspace,
    analyzers: analyzers.service,
    imports: analyzeAfterImports(context, importer.service, analyzers.service),
    connectors: connectors.service,
    audit,
    changes: context.changes,
    store,
  }
  const firstAdmin = await makeFirstAdmin(db, now())
  if (firstAdmin) {
    await audit.record('system', {
      action: 'user.create',
      subject: 'user/1',
      details: { username: firstAdmin.username, isAdmin: true },
    })
  }

  if (options.looksAtUnseenEvents) {
    for (const resumed of await importer.resume()) void analyzeAfter(context, analyzers.service, resumed)
    detection.live.catchUp()
    scheduler.start()
    detection.webhooks.start()
  }

  let closing: Promise<void> | undefined
  const system: System = {
    dataDirectory: parts.dataDirectory,
    version: VERSION,
    services,
    log,
    metrics,
    recovery,
    firstAdmin,
    async checkHealth() {
      await db.selectFrom('users').select('id').limit(1).execute()
    },
    checkDatabase: () => database.checkIntegrity(),
    endPulls: () => connectors.end(),
    close(closeOptions = {}) {
      closing ??= closeParts(
        parts,
        {
          importer,
          live: detection.live,
          webhooks: detection.webhooks,
          analyzers,
          connectors,
          scheduler,
          searchJobs: workspace.searchJobs,
        },
        audit,
        closeOptions.deadlineMs ?? DEFAULT_DEADLINE_MS,
      )
      return closing
    },
    [Symbol.asyncDispose]: () => system.close(),
  }
  return system
}

async function closeParts(
  parts: Parts,
  workers: Pick<Detection, 'live' | 'webhooks'> & {
    readonly importer: Importer
    readonly analyzers: AnalyzerHouse
    readonly connectors: ConnectorHouse
    readonly scheduler: ConnectorScheduler
    readonly searchJobs: Pick<SearchJobService, 'stop'>
  },
  audit: AuditService,
  deadlineMs: number,
): Promise<void> {
  const endMs = performance.now() + deadlineMs
  await closeAll([
    () => workers.scheduler.stop(),
    () => workers.webhooks.stop(),
    () => workers.connectors.stop(),
    () => workers.searchJobs.stop(),
    () => workers.importer.stop(deadlineMs),
    // Together: an analysis may wait for the turn of a live look, or a live look for that of an analysis.
    () => Promise.all([workers.analyzers.stop(), workers.live.stop(Math.max(0, endMs - performance.now()))]),
    async () => await parts.store[Symbol.asyncDispose](),
    () => audit.close(),
    () => parts.database.close(),
    () => parts.lock.release(),
  ])
}

/** Takes every step, also after one that fails; then throws what was thrown first. */
async function closeAll(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const errors: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}

async function makeDirectories(dataDirectory: string): Promise<DataPaths> {
  const paths = listDataPaths(dataDirectory)
  for (const path of [paths.indexes, paths.uploads, paths.rejects]) {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await chmod(path, 0o700)
  }
  // SQLite gives its other files the mode of this one.
  await (await open(paths.database, 'a', 0o600)).close()
  await chmod(paths.database, 0o600)
  // A directory that somebody made beforehand is closed to others too: it holds evidence.
  await chmod(dataDirectory, 0o700)
  return paths
}

function describeStart(parts: Parts): readonly RecoveryNote[] {
  const notes: RecoveryNote[] = []
  const { tookOverFrom } = parts.lock
  if (tookOverFrom) {
    notes.push({
      severity: 'warning',
      code: 'stale-lock',
      message: `The data directory was locked by process ${tookOverFrom.pid} (since ${tookOverFrom.startedAt}), which is gone; its lock was taken over.`,
    })
  }
  if (parts.lock.isOutOfRoom) {
    notes.push({
      severity: 'warning',
      code: 'no-room',
      message: `There is no room left on the disk of ${parts.dataDirectory}: what is there can be read; nothing can be imported, marked or noted in the audit log until there is room.`,
    })
  }
  const { from, to, backupPath } = parts.migration
  if (from > 0 && from < to) {
    notes.push({
      severity: 'info',
      code: 'migrated',
      message: `The metadata database was brought from version ${from} to ${to}; a copy of the old one is ${backupPath}.`,
    })
  }
  return notes
}

async function recover(
  context: ServiceContext,
  paths: DataPaths,
  nowMs: number,
): Promise<readonly RecoveryNote[]> {
  const notes: RecoveryNote[] = []
  for (const recovered of await recoverImports(context, paths.uploads)) {
    if (recovered.status === 'queued') {
      notes.push({ severity: 'info', code: 'import-due', message: recovered.message })
      continue
    }
    await context.audit.record('system', {
      action: 'import.recover',
      subject: `import/${recovered.importId}`,
      result: recovered.status === 'done' ? 'ok' : 'failed',
      details: { status: recovered.status },
    })
    notes.push({
      severity: recovered.status === 'done' ? 'info' : 'warning',
      code: recovered.status === 'done' ? 'import-recognised' : 'import-rolled-back',
      message: recovered.message,
    })
  }
  notes.push(...(await recoverItems(context)))
  for (const message of [...(await reconcileMarks(context)), ...(await completeUndoRedo(context))]) {
    notes.push({ severity: 'warning', code: 'mark-reconciled', message })
  }
  for (const message of await recoverAnalyses(context))
    notes.push({ severity: 'warning', code: 'analysis-cut-off', message })
  const cleaned = await runCleanups(context)
  if (cleaned > 0) {
    notes.push({
      severity: 'info',
      code: 'cleaned-up',
      message: `${cleaned} removals that were under way have been completed.`,
    })
  }
  notes.push(...(await recoverUploads(paths.uploads, nowMs, await listDueFiles(context.db))))
  return notes
}

/** On a full disk what is there can be read all the same. */
function putOff(error: unknown): readonly RecoveryNote[] {
  if (!isOutOfRoom(error)) throw error
  return [
    {
      severity: 'warning',
      code: 'recovery-put-off',
      message: 'What the last process left unfinished is settled at the next start with room on the disk.',
    },
  ]
}

async function makeFirstAdmin(
  db: Kysely<Schema>,
  nowMs: number,
): Promise<{ username: string; password: string } | undefined> {
  const anyone = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
  if (anyone) return undefined
  const password = makePassword()
  await insertUser(db, { username: FIRST_ADMIN, password, isAdmin: true }, nowMs)
  return { username: FIRST_ADMIN, password }
}
