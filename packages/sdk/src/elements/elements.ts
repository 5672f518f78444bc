import type {
  ElementsDatabaseVersion,
  ElementsExposure,
  ElementsOrganization,
  ElementsProfile,
  ElementsWhoAmI,
} from '@timeskein/model/elements'
import type { Listing } from '../paging/listing.ts'
import { AuditLogs } from './audit-logs.ts'
import { type CallOptions, type ListOptions, toValues } from './call-options.ts'
import { Connection, type ElementsOptions } from './connection.ts'
import { Devices } from './devices.ts'
import { Incidents } from './incidents.ts'
import { Invitations } from './invitations.ts'
import { ResponseActions } from './response-actions.ts'
import { SecurityEvents } from './security-events.ts'
import { SoftwareUpdates } from './software-updates.ts'

const MAX_PAGE_SIZE = 200

/**
 * A client of WithSecure Elements. Every call throws `ApiError` for a refusal, whose `requestId` is the transaction id that the
 * vendor's support asks for, and `ConnectionError` when no answer comes. Tokens, throttling and pages are taken care of.
 *
 * @example
 * const elements = new Elements({ clientId: 'fusion_…', clientSecret: '…' })
 * for await (const device of elements.devices.list({ protectionStatusOverview: 'critical' })) console.log(device.name)
 * for await (const event of elements.securityEvents.poll({ since: '7d', every: '1m' })) console.log(event.engine)
 */
export class Elements {
  readonly devices: Devices
  readonly securityEvents: SecurityEvents
  readonly incidents: Incidents
  readonly responseActions: ResponseActions
  readonly softwareUpdates: SoftwareUpdates
  readonly auditLogs: AuditLogs
  readonly invitations: Invitations
  readonly #connection: Connection

  constructor(options: ElementsOptions) {
    this.#connection = new Connection(options)
    this.devices = new Devices(this.#connection)
    this.securityEvents = new SecurityEvents(this.#connection)
    this.incidents = new Incidents(this.#connection)
    this.responseActions = new ResponseActions(this.#connection)
    this.softwareUpdates = new SoftwareUpdates(this.#connection)
    this.auditLogs = new AuditLogs(this.#connection)
    this.invitations = new Invitations(this.#connection)
  }

  /** Whose credentials these are; also a test of them. */
  async whoAmI(options: CallOptions = {}): Promise<ElementsWhoAmI> {
    return await this.#connection.send({ method: 'GET', path: '/whoami/v1/whoami' }, options)
  }

  /** The client's organization and those below it. */
  organizations(
    options: ListOptions & { readonly type?: ElementsOrganization['type'] | undefined } = {},
  ): Listing<ElementsOrganization> {
    return this.#connection.list(
      { method: 'GET', path: '/organizations/v1/organizations' },
      toValues({ ...options }),
      options,
      MAX_PAGE_SIZE,
    )
  }

  /** Profiles of a kind: `windows`, `server`, `mac` … */
  profiles(type: string, options: ListOptions = {}): Listing<ElementsProfile> {
    return this.#connection.list(
      { method: 'GET', path: '/profiles/v1/profiles' },
      { ...toValues({ ...options }), type },
      options,
      MAX_PAGE_SIZE,
    )
  }

  /** Accounts whose data was found in breaches. */
  exposureIdentities(options: ListOptions = {}): Listing<ElementsExposure> {
    return this.#connection.list(
      { method: 'GET', path: '/identities/v1/exposure-identities' },
      toValues({ ...options }),
      options,
      MAX_PAGE_SIZE,
    )
  }

  /** The newest versions of databases of signatures. @param id - Of a database. */
  async latestDatabaseVersions(
    id: string,
    options: CallOptions = {},
  ): Promise<readonly ElementsDatabaseVersion[]> {
    const answer = await this.#connection.send<{
      readonly items: readonly ElementsDatabaseVersion[]
    }>({ method: 'GET', path: '/databases/v1/latest-versions', query: { id } }, options)
    return answer.items
  }
}
