import { randomBytes } from 'node:crypto'
import { PLATFORMS } from '@timeskein/ingest/platforms'
import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { ConnectorRow } from '../../db/connector-schema.ts'
import { conflict, DomainError, invalid, isDomainError, notFound } from '../../errors/domain-error.ts'
import { StretchPool } from '../../import/stretch-pool.ts'
import { readableBy } from '../access/readable-by.ts'
import type { ServiceContext } from '../service-context.ts'
import { decideAddressRules, readPlatformUrl } from './address/check-url.ts'
import {
  type ConnectorSettings,
  findConnectorRow,
  NO_COUNTS,
  namePurpose,
  toConnectors,
} from './connector-rows.ts'
import type { ConnectorService, NewConnector, PullOptions, PullReport } from './connector-service.ts'
import { describeFailure } from './describe-failure.ts'

/** Addresses of the vendors. */
const DEFAULT_URLS: Readonly<Record<(typeof PLATFORMS)[number], string>> = {
  elements: 'https://api.connect.withsecure.com',
  threatstack: 'https://api.threatstack.com',
  sekoia: 'https://api.sekoia.io',
}
/** Milliseconds between two pulls of a connector that fares well. */
const PULL_EVERY_MS = 5 * 60_000
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const MAX_SECRET_LENGTH = 4096

type Row = Selectable<ConnectorRow>

/** The service, and how the scheduler pulls. */
export interface ConnectorHouse {
  readonly service: ConnectorService
  /** As `pull`, for the connector's own user; what is listed as a whole waits for its time. Failures are noted, and not thrown. */
  pullScheduled(principal: Principal, row: Row): Promise<void>
  /** Ends pulls that are running, between two stretches, and takes no more. */
  stop(): Promise<void>
}

/** Connectors, kept in the metadata database. */
export function createConnectorService(context: ServiceContext): ConnectorHouse {
  const { db, access, audit, secrets, turns } = context
  const pool = new StretchPool()
  const stopping = new AbortController()
  const running = new Set<Promise<unknown>>()
  const requireRow = async (principal: Principal, name: string, right: 'read' | 'write'): Promise<Row> => {
    const row = await findConnectorRow(db, name)
    const missing = notFound('connector', JSON.stringify(name.slice(0, 64)))
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
    row: Parameters<typeof import('./pull/pull-connector.ts').openConnectorSource>[1],
    signal?: AbortSignal,
  ): Promise<string> => {
    const { openConnectorSource } = await import('./pull/pull-connector.ts')
    try {
      const source = await openConnectorSource(context, row)
      return await source.test(signal ?? AbortSignal.timeout(60_000))
    } catch (error) {
      const { problem } = describeFailure(error, 1)
      throw invalid('connector-refused', problem, { url: row.url })
    }
  }
  const pull = async (
    principal: Principal,
    name: string,
    given: PullOptions & { readonly isScheduled: boolean },
  ): Promise<PullReport> => {
    const signal = AbortSignal.any([stopping.signal, ...(given.signal ? [given.signal] : [])])
    const options = { ...given, signal }
    const pulling = turns.take(`pull of connector ${name}`, async () => {
      const row = await requireRow(principal, name, 'write')
      const { ConnectorPull } = await import('./pull/pull-connector.ts')
      try {
        const report = await new ConnectorPull(context, pool, principal, row, options).run()
        await noteSuccess(context, row)
        const { cursor: _, ...counts } = report
        if (report.new + report.updated > 0 || !options.isScheduled)
          await audit.record(principal, {
            action: 'connector.pull',
            subject: `connector/${row.uid}`,
            sketchId: row.sketch_id,
            details: { ...counts },
          })
        return report
      } catch (error) {
        if (signal.aborted) throw error
        throw await noteFailure(context, row, error)
      }
    })
    running.add(pulling)
    try {
      return await pulling
    } finally {
      running.delete(pulling)
    }
  }

  const service: ConnectorService = {
    async list(principal) {
      const rows = await db
        .selectFrom('connectors')
        .selectAll()
        .where('sketch_id', 'in', readableBy(principal, 'sketch'))
        .orderBy('name')
        .execute()
      return await toConnectors(db, rows)
    },
    async get(principal, name) {
      const row = await requireRow(principal, name, 'read')
      return (await toConnectors(db, [row]))[0]!
    },
    async add(principal, input, signal) {
      await access.requireOpenSketch(principal, input.sketchId, 'write')
      requireFields(input)
      const url = readPlatformUrl(input.url ?? DEFAULT_URLS[input.platform])
      const rules = decideAddressRules(principal, url, input.isPrivateAllowed ?? false)
      if (await findConnectorRow(db, input.name))
        throw conflict('connector-exists', `There is a connector ${input.name} already; names are unique.`)
      const uid = randomBytes(16).toString('hex')
      const now = context.now()
      const settings: ConnectorSettings = {
        ...(input.clientId === undefined ? {} : { clientId: input.clientId }),
        ...(input.organisationId === undefined ? {} : { organisationId: input.organisationId }),
        isLoopbackAllowed: rules.isLoopbackAllowed,
      }
      const row = {
        uid,
        name: input.name,
        platform: input.platform,
        url: url.href.replace(/\/+$/, ''),
        sketch_id: input.sketchId,
        timeline_id: null,
        user_id: principal.userId,
        settings_json: JSON.stringify(settings),
        sealed_secret: await secrets.seal(input.secret, namePurpose(uid)),
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
      }
      const verdict = await ask(row, signal)
      await db.insertInto('connectors').values(row).execute()
      await audit.record(principal, {
        action: 'connector.add',
        subject: `connector/${uid}`,
        sketchId: input.sketchId,
        details: { name: input.name, platform: input.platform, url: row.url },
      })
      return { connector: await service.get(principal, input.name), verdict }
    },
    async test(principal, name, signal) {
      return await ask(await requireRow(principal, name, 'write'), signal)
    },
    async remove(principal, name) {
      const { uid, sketch_id: sketchId } = await requireRow(principal, name, 'write')
      await db.deleteFrom('connectors').where('uid', '=', uid).execute()
      await audit.record(principal, {
        action: 'connector.remove',
        subject: `connector/${uid}`,
        sketchId,
        details: { name },
      })
    },
    pull: async (principal, name, options = {}) =>
      await pull(principal, name, { ...options, isScheduled: false }),
  }
  return {
    service,
    async pullScheduled(principal, row) {
      try {
        await pull(principal, row.name, { isScheduled: true })
      } catch (error) {
        // A pull that could not begin, its sketch being archived or deleted for example, is told of and put off all the same.
        const now = await findConnectorRow(db, row.name)
        if (!stopping.signal.aborted && now?.next_pull_ms === row.next_pull_ms)
          await noteFailure(context, row, error)
      }
    },
    async stop() {
      stopping.abort(
        new DomainError(
          'unavailable',
          'stopping',
          'The server is stopping; the next pull goes on behind this one.',
        ),
      )
      await Promise.allSettled(running)
      await pool.close()
    },
  }
}

function requireFields({ name, platform, secret, clientId, organisationId }: NewConnector): void {
  const fail = (message: string): never => {
    throw invalid('bad-connector', message)
  }
  if (!NAME.test(name))
    fail(
      `A connector's name is 1 to 64 letters, digits, dots, dashes and underscores; found ${JSON.stringify(name.slice(0, 80))}.`,
    )
  if (!PLATFORMS.includes(platform))
    fail(
      `A platform is one of ${PLATFORMS.join(', ')}; found ${JSON.stringify(String(platform).slice(0, 40))}.`,
    )
  // A line break in a header is refused by HTTP with an error that repeats it.
  if (!/^[\x21-\x7e]+$/.test(secret) || secret.length > MAX_SECRET_LENGTH)
    fail(`A secret is up to ${MAX_SECRET_LENGTH} characters of ASCII without blanks; found something else.`)
  if (platform === 'elements' && clientId === undefined)
    fail('WithSecure Elements needs the client id beside the secret.')
  if (platform === 'threatstack' && clientId !== undefined && organisationId === undefined)
    fail('Version 2 of Threat Stack needs the id of the organization beside that of the user.')
}

async function noteSuccess({ db, now }: ServiceContext, { uid, state, state_since_ms }: Row): Promise<void> {
  const nowMs = now()
  await db
    .updateTable('connectors')
    .set({
      state: 'ok',
      problem: '',
      failures: 0,
      state_since_ms: state === 'ok' ? state_since_ms : nowMs,
      last_pull_ms: nowMs,
      next_pull_ms: nowMs + PULL_EVERY_MS,
    })
    .where('uid', '=', uid)
    .execute()
}

/** Writes down what went wrong. @returns The same, to be thrown. */
async function noteFailure({ db, now, log }: ServiceContext, row: Row, error: unknown): Promise<DomainError> {
  const nowMs = now()
  const failures = row.failures + 1
  const { problem, backOffMs } = describeFailure(error, failures)
  log.warn({ err: error, connector: row.name }, 'a pull failed')
  await db
    .updateTable('connectors')
    .set({
      state: 'backing-off',
      problem,
      failures,
      state_since_ms: row.state === 'backing-off' ? row.state_since_ms : nowMs,
      last_pull_ms: nowMs,
      next_pull_ms: nowMs + backOffMs,
    })
    .where('uid', '=', row.uid)
    .execute()
  return new DomainError('unavailable', 'pull-failed', `${row.name}: ${problem}`, {
    details: { connector: row.name },
    cause: error,
  })
}
