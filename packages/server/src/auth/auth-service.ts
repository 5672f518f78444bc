import type { KeyKind } from '@timeskein/model'
import type { KeyScope, Principal } from './principal.ts'

/** A browser or client session, kept on the server. `userId` is undefined until somebody logs in. */
export interface Session {
  /** Hash of the cookie's value; the value itself is known to the client alone. */
  readonly idHash: string
  readonly userId: number | undefined
  /** Must come back with every request that changes something; stays the same over login. */
  readonly csrfToken: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

/** An API key without its secret. */
export interface ApiKey {
  readonly id: number
  readonly userId: number
  readonly username: string
  readonly name: string
  /** First characters of the key, to tell keys apart. */
  readonly prefix: string
  readonly scopes: readonly KeyScope[]
  /** The API it is for: `timeskein`, or a platform's (`services/platform-keys`). */
  readonly kind: KeyKind
  /** What it may do in the words of the platform; undefined: whatever its scopes allow. */
  readonly permissions: readonly string[] | undefined
  readonly createdAtMs: number
  readonly expiresAtMs: number | undefined
  readonly revokedAtMs: number | undefined
  readonly lastUsedAtMs: number | undefined
}

/** Who somebody is: passwords, sessions, API keys. */
export interface AuthService {
  /** Opens an anonymous session. `cookieValue` is 256 random bits and is not kept. */
  openSession(address: string): Promise<{ cookieValue: string; session: Session }>
  /**
   * The session of a cookie; undefined when unknown, expired or of a disabled user.
   *
   * @param options.renews - Whether this counts as use of the session, which lengthens it. @default true
   */
  findSession(cookieValue: string, options?: { renews?: boolean }): Promise<Session | undefined>
  /** The principal of a session somebody has logged in to. */
  principalOfSession(
    session: Session,
    from: { address: string; requestId?: string },
  ): Promise<Principal | undefined>
  /**
   * Logs in. The session gets a new cookie value and keeps its CSRF token.
   *
   * @throws {DomainError} `unauthenticated` (`bad-credentials`, the same for unknown name, wrong password and disabled
   *   user) or `too-many` (`login-throttled`, details.retryAfterSeconds).
   */
  login(attempt: {
    username: string
    password: string
    address: string
    session?: Session
    requestId?: string
  }): Promise<{ cookieValue: string; session: Session; principal: Principal }>
  /** Ends a session; does nothing when it is gone. */
  logout(session: Session, from: { address: string; requestId?: string }): Promise<void>
  /** Compares in constant time. */
  checkCsrf(session: Session, token: string): boolean

  /** The principal of an API key (`sk_…`); undefined when unknown, expired, revoked or of a disabled user. */
  principalOfApiKey(
    key: string,
    from: { address: string; requestId?: string },
  ): Promise<Principal | undefined>
  /** Makes a key for the caller (or, as an administrator, for another user). The key itself is returned this once. */
  createApiKey(
    principal: Principal,
    input: { name: string; scopes: readonly KeyScope[]; expiresAtMs?: number; userId?: number },
  ): Promise<{ key: string; apiKey: ApiKey }>
  /** The caller's keys of every kind; all keys with `all` (administrators). */
  listApiKeys(principal: Principal, options?: { all?: boolean }): Promise<readonly ApiKey[]>
  revokeApiKey(principal: Principal, id: number): Promise<void>

  /** Acts as a named user without a password: for the command line on its own data directory only. */
  localPrincipal(username: string): Promise<Principal>
}
