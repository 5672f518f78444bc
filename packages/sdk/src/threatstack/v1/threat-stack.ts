import type {
  ThreatStackAgent,
  ThreatStackAlert,
  ThreatStackAlertDetail,
  ThreatStackLog,
  ThreatStackOrganization,
  ThreatStackPolicy,
  ThreatStackPolicyDetail,
  ThreatStackUser,
} from '@timeskein/model/threatstack'
import { ConfigError } from '../../errors/config-error.ts'
import { Listing } from '../../paging/listing.ts'
import { Poll, type PollOptions } from '../../paging/poll.ts'
import { readRisingWindows } from '../../paging/rising-windows.ts'
import type { ExactJson } from '../../transport/exact-json.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../call-options.ts'
import { Connection, type ReachOptions } from '../connection.ts'
import { ThreatStackV2, type ThreatStackV2Options } from '../v2/threat-stack-v2.ts'
import { type GetOptions, joinFields, type ListOptions, Resource } from './resource.ts'

/** How a client reaches version 1 of Threat Stack's API. */
export interface ThreatStackOptions extends ReachOptions {
  readonly apiKey: string
  /** Of somebody who belongs to several. @default the key owner's own */
  readonly organizationId?: string | undefined
  /** @default 'https://app.threatstack.com/api/v1' */
  readonly baseUrl?: string | undefined
}

/** Address of version 1 of the vendor's API. */
export const THREAT_STACK_URL = 'https://app.threatstack.com/api/v1'

/**
 * A client of version 1 of Threat Stack's API, which only reads; `ThreatStack.v2` makes one of version 2. Every call throws `ApiError`
 * for a refusal and `ConnectionError` when no answer comes. Pages and the limit of requests are taken care of.
 *
 * @example
 * const client = new ThreatStack({ apiKey: '…' })
 * for await (const alert of client.alerts.list({ start: '1h', fields: ['id'] })) console.log(await client.alerts.get(alert.id))
 */
export class ThreatStack {
  readonly agents: Resource<ThreatStackAgent>
  readonly alerts: Alerts
  readonly logs: Logs
  readonly organizations: Organizations
  readonly policies: Policies

  /** A client of version 2, whose requests are signed. */
  static v2(options: ThreatStackV2Options): ThreatStackV2 {
    return new ThreatStackV2(options)
  }

  /** @throws {ConfigError} Without a key. */
  constructor(options: ThreatStackOptions) {
    const { apiKey, organizationId } = options
    if (!apiKey) throw new ConfigError('Threat Stack: an apiKey is needed')
    const headers = { authorization: apiKey, ...(organizationId ? { organization: organizationId } : {}) }
    const connection = new Connection(options.baseUrl ?? THREAT_STACK_URL, headers, options)
    this.agents = new Resource(connection, 'agents')
    this.alerts = new Alerts(connection)
    this.logs = new Logs(connection)
    this.organizations = new Organizations(connection)
    this.policies = new Policies(connection)
  }
}

/** Alerts; those of a year are kept. */
class Alerts extends Resource<ThreatStackAlert, ThreatStackAlertDetail> {
  constructor(connection: Connection) {
    super(connection, 'alerts')
  }

  /** Alerts as they come, each once; also one that has more events since, or was dismissed, as long as `overlap` reaches back to it. */
  poll(options: PollOptions = {}): Poll<ThreatStackAlert> {
    return new Poll(
      {
        list: (since, signal) => ({
          pages: () =>
            readRisingWindows({
              since,
              list: (start, end) => this.list({ start, end, signal }).pages(),
              readTime: ({ created_at }) => created_at,
            }),
        }),
        readTime: ({ created_at }) => new Date(created_at).toISOString(),
        readKey: ({ id, count, dismissed }) => `${id} ${count} ${dismissed}`,
        isUnordered: true,
      },
      options,
    )
  }
}

/** What people did. The platform has no call for a single entry. */
class Logs {
  readonly #entries: LogEntries

  constructor(connection: Connection) {
    this.#entries = new LogEntries(connection, 'logs')
  }

  /** Newest first. @param options.q - Words in description, user, action or source. */
  list<Field extends keyof ThreatStackLog & string = keyof ThreatStackLog & string>(
    options: ListOptions<Field> & { readonly q?: string | undefined } = {},
  ): Listing<Pick<ThreatStackLog, Field>, number> {
    return this.#entries.search(options)
  }
}

class LogEntries extends Resource<ThreatStackLog> {
  search<Field extends keyof ThreatStackLog & string>({
    q,
    ...options
  }: ListOptions<Field> & { readonly q?: string | undefined }): Listing<Pick<ThreatStackLog, Field>, number> {
    return this.listWith(options, { q })
  }
}

/** Policies, which come all at once. */
class Policies {
  readonly #connection: Connection
  readonly #resource: Resource<ThreatStackPolicy, ThreatStackPolicyDetail>

  constructor(connection: Connection) {
    this.#connection = connection
    this.#resource = new Resource(connection, 'policies')
  }

  list<Field extends keyof ThreatStackPolicy & string = keyof ThreatStackPolicy & string>(
    options: GetOptions<Field> = {},
  ): Listing<Pick<ThreatStackPolicy, Field>> {
    return listWhole(this.#connection, '/policies', options)
  }

  /** One policy with its rules; undefined where there is none. */
  get(id: string, options: CallOptions = {}): Promise<ThreatStackPolicyDetail | undefined> {
    return this.#resource.get(id, options)
  }
}

/** Organizations that the key's owner belongs to. The platform has no call for a single one. */
class Organizations {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  list<Field extends keyof ThreatStackOrganization & string = keyof ThreatStackOrganization & string>(
    options: GetOptions<Field> = {},
  ): Listing<Pick<ThreatStackOrganization, Field>> {
    return listWhole(this.#connection, '/organizations', options)
  }

  /** The members of one. */
  users(id: string, options: CallOptions = {}): Listing<ThreatStackUser> {
    return listWhole(this.#connection, path`/organizations/${id}/users`, options)
  }
}

/** A list that the platform gives in one answer. */
function listWhole<Item>(connection: Connection, at: string, options: GetOptions): Listing<Item> {
  const { fields, signal } = options
  return new Listing<Item>(`GET ${at}`, async () => {
    const asked = { method: 'GET', path: at, query: { fields: joinFields(fields) } } as const
    const answer = await connection.send<ExactJson>(asked, { signal })
    return { items: connection.readList<Item>(asked, answer), next: undefined }
  })
}

export type { Alerts, Logs, Organizations, Policies }
