import { randomBytes } from 'node:crypto'
import type { PLATFORMS, Platform } from '@timeskein/ingest/platforms'
import type { Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { ConnectorRow } from '../../db/connector-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { conflict, DomainError, invalid, isDomainError, notFound } from '../../errors/domain-error.ts'
import { readableBy } from '../access/readable-by.ts'
import type { ServiceContext } from '../service-context.ts'
import { isKnownAccount, isSameAccount, joinAccounts } from './accounts.ts'
import { decideAddressRules, readPlatformUrl } from './address/check-url.ts'
import {
  type ConnectorSettings,
  findConnectorRow,
  NO_COUNTS,
  namePurpose,
  readSettings,
  toConnectors,
} from './connector-rows.ts'
import type { Connector, ConnectorService } from './connector-service.ts'
import { describeFailure } from './describe-failure.ts'
import type { ConnectorReach } from './pull/pull-connector.ts'
import { PullRunner } from './pull-runner.ts'
import { findRemoved, forgetConnector, takePlace } from './removed-connectors.ts'
import { requireFields } from './require-fields.ts'

/** Addresses of the vendors. */
const DEFAULT_URLS: Readonly<Record<(typeof PLATFORMS)[number], string>> = {
  elements: 'https://api.connect.withsecure.com',
  threatstack: 'https://api.threatstack.com',
  sekoia: 'https://api.sekoia.io',
}
/** Items put aside that one answer has. */
const MAX_REJECTS = 1000

type Row = Selectable<ConnectorRow>

/** The service, and how the scheduler pulls. */
export interface ConnectorHouse {
  readonly service: ConnectorService
  /** As `pull`, for the connector's own user; what is listed as a whole waits for its time. Failures are noted, and not thrown. */
  pullScheduled(principal: Principal, row: Row): Promise<void>
  /** Has pulls that are running end, between two stretches, and takes no more. */
  end(): void
  /** As `end`, and waits for them. */
  stop(): Promise<void>
}

/** Connectors, kept in the metadata database. */
export function createConnectorService(context: ServiceContext): ConnectorHouse {
  const { db, access, audit, secrets } = context
  const requireRow = async (principal: Principal, name: string, right: 'read' | 'write'): Promise<Row> => {
    const row = await findConnectorRow(db, name)
    const missing = notThere(name)
    if (!row) throw missing
    try {
      await access.requireSketch(principal, row.sketch_id, 'read')
    } catch (error) {
      throw isDomainError(error) ? missing : error
    }
    if (right === 'write') await access.requireOpenSketch(principal, row.sketch_id, 'write')
    return row
  }
  const ask = async (
    row: ConnectorReach,
    given?: AbortSignal,
  ): Promise<{ verdict: string; account: string }> => {
    const { openConnectorSource } = await import('./pull/pull-connector.ts')
    const { findAccount } = await import('./sources/find-account.ts')
    const signal = given ?? AbortSignal.timeout(60_000)
    try {
      using source = await openConnectorSource(context, row)
      return { verdict: await source.test(signal), account: await findAccount(source, signal) }
    } catch (error) {
      const { problem } = describeFailure(error, 1, 'test')
      throw invalid('connector-refused', problem, { url: row.url })
    }
  }
  const runner = new PullRunner(context, (principal, name) => requireRow(principal, name, 'write'))
  const tell = async (rows: readonly Row[]): Promise<readonly Connector[]> =>
    await toConnectors(db, rows, (name) => runner.findRunning(name))

  const service: ConnectorService = {
    async list(principal) {
      const rows = await db
        .selectFrom('connectors')
        .selectAll()
        .where('sketch_id', 'in', readableBy(principal, 'sketch'))
        .where('removed_at_ms', 'is', null)
        .orderBy('name')
        .execute()
      return await tell(rows)
    },
    async get(principal, name) {
      const row = await requireRow(principal, name, 'read')
      return (await tell([row]))[0]!
    },
    async add(principal, input, signal) {
      await access.requireOpenSketch(principal, input.sketchId, 'write')
      requireFields(input)
      const url = readPlatformUrl(input.url ?? DEFAULT_URLS[input.platform])
      const rules = decideAddressRules(principal, url, input.isPrivateAllowed ?? false)
      await requireFreeName(db, input.name)
      const newUid = randomBytes(16).toString('hex')
      const now = context.now()
      const settings: ConnectorSettings = {
        ...(input.clientId === undefined ? {} : { clientId: input.clientId }),
        ...(input.organisationId === undefined ? {} : { organisationId: input.organisationId }),
        isLoopbackAllowed: rules.isLoopbackAllowed,
      }
      const row = {
        uid: newUid,
        name: input.name,
        platform: input.platform,
        url: url.href.replace(/\/+$/, ''),
        sketch_id: input.sketchId,
        timeline_id: null,
        user_id: principal.userId,
        settings_json: JSON.stringify(settings),
        sealed_secret: await secrets.seal(input.secret, namePurpose(newUid)),
        is_private_allowed: rules.isPrivateAllowed ? 1 : 0,
        cursors_json: '{}',
        state: 'new',
        problem: '',
        state_since_ms: now,
        failures: 0,
        last_pull_ms: null,
        next_pull_ms: now,
        counts_json: JSON.stringify(NO_COUNTS),
        created_at_ms: now,
        removed_at_ms: null,
      }
      const { verdict, account } = await ask(row, signal)
      const { uid, goesOn } = await db.transaction().execute(async (transaction) => {
        // Somebody may have taken it while the platform was asked.
        await requireFreeName(transaction, input.name)
        const removed = await findRemoved(transaction, row, account)
        const takes =
          removed !== undefined &&
          (await takePlace(transaction, removed, {
            ...row,
            account: joinAccounts(removed.account, account),
            sealed_secret: await secrets.seal(input.secret, namePurpose(removed.uid)),
            timeline_id: removed.timeline_id,
          }))
        if (!takes)
          await transaction
            .insertInto('connectors')
            .values({ ...row, account })
            .execute()
        return { uid: takes ? removed.uid : newUid, goesOn: takes }
      })
      await audit.record(principal, {
        action: 'connector.add',
        subject: `connector/${uid}`,
        sketchId: input.sketchId,
        details: { name: input.name, platform: input.platform, url: row.url, goesOn },
      })
      const known = goesOn
        ? ' It goes on where a connector to the same organization was removed: what that one brought is known and does not come twice.'
        : ''
      return { connector: await service.get(principal, input.name), verdict: verdict + known }
    },
    async test(principal, name, signal) {
      return (await ask(await requireRow(principal, name, 'write'), signal)).verdict
    },
    async setSecret(principal, name, input, signal) {
      const row = await requireRow(principal, name, 'write')
      const settings = readSettings(row)
      const clientId = input.clientId ?? settings.clientId
      requireFields({
        name,
        platform: row.platform as Platform,
        secret: input.secret,
        ...(clientId === undefined ? {} : { clientId }),
        ...(settings.organisationId === undefined ? {} : { organisationId: settings.organisationId }),
      })
      const changed = {
        settings_json: JSON.stringify({ ...settings, ...(clientId === undefined ? {} : { clientId }) }),
        sealed_secret: await secrets.seal(input.secret, namePurpose(row.uid)),
      }
      const { verdict, account } = await ask({ ...row, ...changed }, signal)
      if (isKnownAccount(row.account) && !isSameAccount(row.account, account))
        throw conflict(
          'other-account',
          isKnownAccount(account)
            ? `${name} brings what ${row.account} has; these credentials are of ${account}. Add another connector for it.`
            : `${name} brings what ${row.account} has; whose these credentials are, the platform does not tell. Give some that may ask for it, or add another connector.`,
        )
      const now = context.now()
      const { numUpdatedRows } = await db
        .updateTable('connectors')
        .set({
          ...changed,
          account: joinAccounts(row.account, account),
          ...(row.state === 'backing-off' ? { state: 'ok', state_since_ms: now } : {}),
          problem: '',
          failures: 0,
          next_pull_ms: now,
        })
        .where('uid', '=', row.uid)
        // While the platform was asked it may have been removed, and another may have taken its place.
        .where('created_at_ms', '=', row.created_at_ms)
        .where('removed_at_ms', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) throw notThere(name)
      await audit.record(principal, {
        action: 'connector.set-secret',
        subject: `connector/${row.uid}`,
        sketchId: row.sketch_id,
        details: { name },
      })
      return verdict
    },
    async listRejects(principal, name, { limit = MAX_REJECTS } = {}) {
      const { uid } = await requireRow(principal, name, 'read')
      const rows = await db
        .selectFrom('connector_rejects')
        .selectAll()
        .where('connector_uid', '=', uid)
        .orderBy('at_ms', 'desc')
        .orderBy('kind')
        .orderBy('hash')
        .limit(Math.min(limit, MAX_REJECTS))
        .execute()
      const [connector] = await tell([await requireRow(principal, name, 'read')])
      return {
        items: rows.map(({ kind, item_id, reason, item_json, at_ms }) => ({
          kind,
          id: item_id ?? undefined,
          reason,
          json: item_json,
          atMs: at_ms,
        })),
        total: connector!.asideCount,
      }
    },
    async remove(principal, name) {
      const asked = await requireRow(principal, name, 'write')
      const { uid, sketch_id: sketchId } = asked
      const reason = new DomainError('conflict', 'connector-removed', `${name} was removed while it pulled.`)
      await runner.endPulls(name, reason, async () => {
        // Somebody may have removed it meanwhile, and added another, which may have taken its place and uid.
        const row = await requireRow(principal, name, 'write')
        if (row.uid !== uid || row.created_at_ms !== asked.created_at_ms) throw notThere(name)
        await db.transaction().execute((transaction) => forgetConnector(transaction, row, context.now()))
      })
      await audit.record(principal, {
        action: 'connector.remove',
        subject: `connector/${uid}`,
        sketchId,
        details: { name },
      })
    },
    pull: async (principal, name, options = {}) =>
      await runner.pull(principal, name, { ...options, isScheduled: false }),
  }
  return {
    service,
    pullScheduled: (principal, row) => runner.pullScheduled(principal, row),
    end: () => runner.end(),
    stop: () => runner.stop(),
  }
}

function notThere(name: string): DomainError {
  return notFound('connector', JSON.stringify(name.slice(0, 64)))
}

async function requireFreeName(db: Kysely<Schema>, name: string): Promise<void> {
  if (await findConnectorRow(db, name))
    throw conflict('connector-exists', `There is a connector ${name} already; names are unique.`)
}
