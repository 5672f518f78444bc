import type { Principal } from '../../auth/principal.ts'

/** Somebody who was asked to join an organisation. */
export interface Invitation {
  readonly id: number
  /** UUID. */
  readonly uid: string
  readonly organisationId: number
  readonly email: string
  /** In the words of the API that it was made by. */
  readonly role: string
  /** `accepted` as soon as there is a user with that address. */
  readonly status: 'pending' | 'accepted'
  /** What else the API that made it said, and is told back. */
  readonly details: Readonly<Record<string, unknown>>
  /** Name of the user; undefined where the account is gone. */
  readonly invitedBy: string | undefined
  readonly createdAtMs: number
}

/** An invitation to be made. */
export interface InvitationDraft {
  readonly email: string
  readonly role: string
  /** @default the default one */
  readonly organisationId?: number
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * Invitations, for administrators. Timeskein sends no mail: an invitation says for whom an administrator has to make an account
 * (`skein user add`), and is accepted when there is one.
 */
export interface InvitationService {
  /** Newest first. */
  list(principal: Principal): Promise<readonly Invitation[]>
  /** @throws {DomainError} `not-found` (`invitation-not-found`). */
  get(principal: Principal, uid: string): Promise<Invitation>
  /** @throws {DomainError} `invalid` (`bad-email`), `conflict` (`invitation-exists`: pending, or a user has the address). */
  create(principal: Principal, draft: InvitationDraft): Promise<Invitation>
  /** @throws {DomainError} as `get`; `invalid` (`bad-role`). */
  update(
    principal: Principal,
    uid: string,
    change: { readonly role?: string | undefined },
  ): Promise<Invitation>
  /** Takes it back. */
  delete(principal: Principal, uid: string): Promise<void>
}
