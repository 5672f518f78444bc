import type { Listing } from '../paging/listing.ts'
import { type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'

const MISSING = { method: 'POST', path: '/software-updates/v1/missing-updates' } as const
const INSTALLATIONS = { method: 'GET', path: '/software-updates/v1/installations' } as const
const MAX_PAGE_SIZE = 200

/** An update that a device lacks. */
export interface MissingUpdate {
  readonly bulletinId: string
  readonly name: string
  readonly severity: 'critical' | 'important' | 'moderate' | 'low' | 'unclassified'
  readonly category: 'security' | 'nonSecurity' | 'servicePack' | 'securityTool' | 'none'
  readonly software?: { readonly name: string; readonly vendor?: string }
  readonly installedVersion?: string
  readonly targetVersion?: string
  readonly cve?: readonly { readonly id: string }[]
}

/** Updates of other makers' software. */
export class SoftwareUpdates {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** What devices lack. */
  missing(
    options: ListOptions & {
      readonly deviceId?: string | undefined
      readonly severity?: MissingUpdate['severity'] | readonly MissingUpdate['severity'][] | undefined
      readonly category?: MissingUpdate['category'] | readonly MissingUpdate['category'][] | undefined
    } = {},
  ): Listing<MissingUpdate> {
    return this.#connection.list(MISSING, toValues({ ...options }), options, MAX_PAGE_SIZE)
  }

  /** What was installed. @param options.lastDays - 1 to 90. */
  installations(
    options: ListOptions & { readonly lastDays?: number | undefined } = {},
  ): Listing<Readonly<Record<string, unknown>>> {
    return this.#connection.list(INSTALLATIONS, toValues({ ...options }), options, MAX_PAGE_SIZE)
  }
}
