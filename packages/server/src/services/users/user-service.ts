import type { Principal } from '../../auth/principal.ts'

/** A person with an account. */
export interface User {
  readonly id: number
  /** Unique, at most 255 characters. */
  readonly username: string
  readonly name: string
  readonly email: string
  readonly isAdmin: boolean
  readonly isActive: boolean
  /** Names of the groups the user is in. */
  readonly groups: readonly string[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Users and their settings. */
export interface UserService {
  list(): Promise<readonly User[]>
  get(userId: number): Promise<User | undefined>
  /** When users signed in last, in milliseconds since 1970; those that never did are left out. */
  lastSignIns(): Promise<ReadonlyMap<number, number>>
  findByName(username: string): Promise<User | undefined>
  /**
   * Makes a user. Administrators only.
   *
   * @throws {DomainError} `conflict` (`user-exists`), `invalid` (`bad-username`, `bad-password`), `forbidden`.
   */
  create(
    principal: Principal,
    input: { username: string; password: string; name?: string; email?: string; isAdmin?: boolean },
  ): Promise<User>
  /** Own password, or anyone's as an administrator. Ends the user's other sessions. */
  setPassword(principal: Principal, userId: number, password: string): Promise<void>
  /** Administrators only. A disabled user's sessions end and API keys stop working. The last active administrator stays. */
  setActive(principal: Principal, userId: number, isActive: boolean): Promise<User>
  setAdmin(principal: Principal, userId: number, isAdmin: boolean): Promise<User>
  /** The caller's own settings: a free dictionary. */
  getSettings(principal: Principal): Promise<Readonly<Record<string, unknown>>>
  /** Adds or replaces keys; returns all. */
  mergeSettings(
    principal: Principal,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>>
}
