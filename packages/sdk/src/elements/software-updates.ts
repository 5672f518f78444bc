import type { ElementsInstallation, ElementsMissingUpdate } from '@timeskein/model/elements'
import type { Listing } from '../paging/listing.ts'
import { type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'

const MISSING = { method: 'POST', path: '/software-updates/v1/missing-updates' } as const
const INSTALLATIONS = { method: 'GET', path: '/software-updates/v1/installations' } as const
const MAX_PAGE_SIZE = 200

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
      readonly severity?:
        | ElementsMissingUpdate['severity']
        | readonly ElementsMissingUpdate['severity'][]
        | undefined
      readonly category?:
        | ElementsMissingUpdate['category']
        | readonly ElementsMissingUpdate['category'][]
        | undefined
    } = {},
  ): Listing<ElementsMissingUpdate> {
    return this.#connection.list(MISSING, toValues({ ...options }), options, MAX_PAGE_SIZE)
  }

  /** What was installed. @param options.lastDays - 1 to 90. */
  installations(
    options: ListOptions & { readonly lastDays?: number | undefined } = {},
  ): Listing<ElementsInstallation> {
    return this.#connection.list(INSTALLATIONS, toValues({ ...options }), options, MAX_PAGE_SIZE)
  }
}
