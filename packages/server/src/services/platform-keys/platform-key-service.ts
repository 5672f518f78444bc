import type { KeyKind } from '@timeskein/model'
import type { KeyScope, Principal } from '../../auth/principal.ts'

/**
 * The APIs of other platforms that keys are made for: `threatstack` is version 1 of its API, where the key is sent, and
 * `threatstack-v2` version 2, where requests are signed with it.
 */
export type PlatformKeyKind = Exclude<KeyKind, 'timeskein'>

/** New credentials in the platform's own words; what is secret in them is shown this once. */
export type PlatformCredentials =
  | { readonly key: string }
  /** For Hawk: `id`, `ext` and key. */
  | { readonly user_id: string; readonly org_id: string; readonly key: string }
  /** For OAuth 2 client credentials. */
  | { readonly client_id: string; readonly client_secret: string }

/** Where a request came from, for the principal. */
export interface RequestOrigin {
  readonly address: string
  readonly requestId?: string
}

/** A key by which a request may have been signed. */
export interface SigningKey {
  readonly key: string
  /** Milliseconds since 1970, at most a minute too early; undefined: never. */
  readonly lastUsedAtMs: number | undefined
  /** Who acts by it; notes that it was used. Undefined when it was revoked meanwhile. */
  use(): Promise<Principal | undefined>
}

/** What a client of a platform may ask for. */
export interface PlatformClient {
  /** Row id, which stays good for `principalOfKey`. */
  readonly keyId: number
  /** All that it may have. */
  readonly permissions: readonly string[]
}

/**
 * Credentials for the APIs of other platforms. They are API keys like our own: they belong to a user, may do at most what that
 * user may, are listed and revoked with the others (`AuthService`), and every act by them is in the audit log under their id.
 */
export interface PlatformKeyService {
  /**
   * Makes credentials for the caller or, as an administrator, for another user.
   *
   * @param input.scopes - `read`, `write`, `admin`, or the platform's own names (`connect.api.read`, `SIC_READ_ALERTS`).
   *   @default what its user may do, as keys of those platforms have: `read` for `threatstack`, which has nothing else,
   *   else `write`, and `admin` for an administrator
   * @throws {DomainError} `invalid` (`bad-scopes`), and as `AuthService.createApiKey`.
   */
  create(
    principal: Principal,
    input: {
      readonly kind: PlatformKeyKind
      readonly name: string
      readonly scopes?: readonly string[]
      readonly userId?: number
      readonly expiresAtMs?: number
    },
  ): Promise<{ readonly id: number; readonly credentials: PlatformCredentials }>
  /** The principal of a key that is sent as it is; undefined when it is none of that kind, or no longer. */
  principalOf(
    kind: 'threatstack' | 'sekoia',
    key: string,
    from: RequestOrigin,
  ): Promise<Principal | undefined>
  /** Why a key that was good is so no longer; undefined for others. */
  whyEnded(kind: 'threatstack' | 'sekoia', key: string): Promise<'revoked' | 'expired' | undefined>
  /** Keys of `threatstack-v2` of a user, by the id that Hawk names; none for ids of nobody. */
  findSigningKeys(hawkId: string, from: RequestOrigin): Promise<readonly SigningKey[]>
  /** The client of `elements`; undefined when id or secret is wrong, or the client no longer good. */
  findClient(clientId: string, clientSecret: string): Promise<PlatformClient | undefined>
  /**
   * Who acts by a key of `elements` that a token was given for; undefined once it is revoked.
   *
   * @param permissions - What the token is for.
   */
  principalOfToken(
    keyId: number,
    permissions: readonly string[],
    from: RequestOrigin,
  ): Promise<Principal | undefined>
}

/** What a key is allowed, in our words and in the platform's. */
export interface PlatformGrant {
  readonly scopes: readonly KeyScope[]
  /** Undefined: whatever the scopes allow. */
  readonly permissions: readonly string[] | undefined
}
