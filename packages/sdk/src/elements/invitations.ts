import type { ElementsInvitation, ElementsInvitationDraft } from '@timeskein/model/elements'
import type { Listing } from '../paging/listing.ts'
import { type CallOptions, type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'

const CALL = { method: 'GET', path: '/invitations/v1/invitations' } as const
const MAX_PAGE_SIZE = 200

/** Invitations. The vendor's public description says little of them; the members are those of Timeskein's own server. */
export class Invitations {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  list(options: ListOptions = {}): Listing<ElementsInvitation> {
    return this.#connection.list(CALL, toValues({ ...options }), options, MAX_PAGE_SIZE)
  }

  async create(invitation: ElementsInvitationDraft, options: CallOptions = {}): Promise<ElementsInvitation> {
    return await this.#connection.send(
      { method: 'POST', path: CALL.path, json: invitation, scope: 'write' },
      options,
    )
  }

  async delete(invitationId: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send(
      { method: 'DELETE', path: CALL.path, query: { invitationId }, scope: 'write' },
      options,
    )
  }
}
