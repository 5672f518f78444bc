import type { ThreatStackAgentV2, ThreatStackServer } from '@timeskein/model/threatstack'
import { ConfigError } from '../../errors/config-error.ts'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../call-options.ts'
import { Connection, type ReachOptions } from '../connection.ts'
import { AlertsV2 } from './alerts.ts'
import { listByToken, type TimeSpan } from './list.ts'
import { Organization } from './organization.ts'
import { Rulesets } from './rulesets.ts'
import { signFetch } from './signed-fetch.ts'
import { Vulnerabilities } from './vulnerabilities.ts'

/** How a client reaches version 2 of Threat Stack's API. */
export interface ThreatStackV2Options extends ReachOptions {
  readonly userId: string
  readonly organizationId: string
  readonly apiKey: string
  /** @default 'https://api.threatstack.com/v2' */
  readonly baseUrl?: string | undefined
}

/** Address of version 2 of the vendor's API. */
export const THREAT_STACK_V2_URL = 'https://api.threatstack.com/v2'

/** Which agents. */
export interface AgentFilter extends TimeSpan {
  /** @default 'online' */
  readonly status?: 'online' | 'offline' | undefined
  readonly type?: 'monitor' | 'investigate' | undefined
  readonly hostname?: string | undefined
  readonly instanceId?: string | undefined
}

/**
 * A client of version 2 of Threat Stack's API. Requests are signed by the Hawk scheme, and answers that are signed are checked. Every call
 * throws `ApiError` for a refusal and `ConnectionError` when no answer comes.
 *
 * @example
 * const client = ThreatStack.v2({ userId: '…', organizationId: '…', apiKey: '…' })
 * for await (const alert of client.alerts.list({ severity: 1 })) await client.alerts.dismiss(alert.id, { reason: 'MAINTENANCE' })
 */
export class ThreatStackV2 {
  readonly alerts: AlertsV2
  readonly rulesets: Rulesets
  readonly vulnerabilities: Vulnerabilities
  readonly organization: Organization
  readonly #connection: Connection
  /** The self-test is beside the version, not below it. */
  readonly #root: Connection

  /** @throws {ConfigError} Without a key, user or organization. */
  constructor(options: ThreatStackV2Options) {
    for (const name of ['apiKey', 'organizationId', 'userId'] as const)
      if (!options[name]) throw new ConfigError(`Threat Stack: an ${name} is needed`)
    const { userId: id, apiKey: key, organizationId: ext, baseUrl = THREAT_STACK_V2_URL } = options
    const reach = { ...options, fetch: signFetch(options.fetch ?? globalThis.fetch, { id, key, ext }) }
    this.#connection = new Connection(baseUrl, {}, reach)
    this.#root = new Connection(baseUrl.replace(/\/v2\/*$/, ''), {}, reach)
    this.alerts = new AlertsV2(this.#connection)
    this.rulesets = new Rulesets(this.#connection)
    this.vulnerabilities = new Vulnerabilities(this.#connection)
    this.organization = new Organization(this.#connection)
  }

  /** Shows that the credentials are good, and that the server has them too. */
  async selfTest(options: CallOptions = {}): Promise<void> {
    await this.#root.send({ method: 'GET', path: '/help/hawk/self-test' }, options)
  }

  agents({ status = 'online', ...filter }: AgentFilter & CallOptions = {}): Listing<ThreatStackAgentV2> {
    return listByToken(this.#connection, '/agents', 'agents', { status, ...filter })
  }

  /** Undefined where there is none. */
  getAgent(id: string, options: CallOptions = {}): Promise<ThreatStackAgentV2 | undefined> {
    return this.#connection.find({ method: 'GET', path: path`/agents/${id}` }, options)
  }

  /** Machines of Amazon's cloud. @param filter.monitored - Those with an agent, or without. */
  ec2Servers(
    filter: CallOptions & {
      readonly monitored?: boolean | undefined
      readonly verbose?: boolean | undefined
    } = {},
  ): Listing<ThreatStackServer> {
    return listByToken(this.#connection, '/aws/ec2', 'servers', { ...filter })
  }
}
