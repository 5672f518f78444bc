import type {
  SekoiaCommunity,
  SekoiaInvitation,
  SekoiaInvitationDraft,
  SekoiaRole,
  SekoiaUser,
} from '@timeskein/model/sekoia'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions, SekoiaConnection } from '../connection/connection.ts'
import type { ListOptions } from '../connection/list-options.ts'

const MAX_PAGE = 100

/** Organisations, what people may do in them, and who is asked to join. */
export class SekoiaCommunities {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  list(options: ListOptions = {}): Listing<SekoiaCommunity, number> {
    return this.#connection.list('/v1/communities', options, { maxPageSize: MAX_PAGE })
  }

  /** A community; undefined where there is none of this id. */
  async get(uuid: string, options?: CallOptions): Promise<SekoiaCommunity | undefined> {
    return await this.#connection.find(path`/v1/communities/${uuid}`, options)
  }

  listRoles(uuid: string, options: ListOptions = {}): Listing<SekoiaRole, number> {
    return this.#connection.list(path`/v1/communities/${uuid}/roles`, options, { maxPageSize: MAX_PAGE })
  }

  /** @example await sekoia.communities.invite({ email, communities: { [communityUuid]: [roleUuid] } }) */
  async invite(invitation: SekoiaInvitationDraft, options?: CallOptions): Promise<SekoiaInvitation> {
    return await this.#connection.post('/v1/invitations', invitation, options)
  }

  /** A user; undefined where there is none of this id. */
  async getUser(uuid: string, options?: CallOptions): Promise<SekoiaUser | undefined> {
    return await this.#connection.find(path`/v1/users/${uuid}`, options)
  }
}
