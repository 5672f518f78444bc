import type { Principal } from '../../auth/principal.ts'
import type { SearchIndex } from '../search-indexes/search-index-service.ts'
import type { Sketch } from '../sketches/sketch-service.ts'

/** What somebody may do with a sketch or a search index. */
export type Permission = 'read' | 'write' | 'delete'

/** What the caller may do, by own grant, group or public. */
export interface EffectivePermissions {
  readonly public: boolean
  readonly read: boolean
  readonly write: boolean
  readonly delete: boolean
}

/** To whom a sketch is open. */
export interface Grants {
  readonly isPublic: boolean
  readonly users: readonly { userId: number; username: string; permissions: readonly Permission[] }[]
  readonly groups: readonly { groupId: number; name: string; permissions: readonly Permission[] }[]
}

/** A change of who may do what. Names that do not exist are reported, not refused. */
export interface GrantChange {
  readonly grantUsers?: readonly string[]
  readonly grantGroups?: readonly string[]
  readonly revokeUsers?: readonly string[]
  readonly revokeGroups?: readonly string[]
  /** What to grant (left out: read and write) or revoke (left out: everything they have). */
  readonly permissions?: readonly Permission[]
  /** Left out: unchanged. */
  readonly isPublic?: boolean
}

/** The one place that says who may do what. */
export interface AccessService {
  /**
   * The sketch, if the caller may do this with it. `delete` is also an administrator's right; `read` and `write` are not.
   *
   * @throws {DomainError} `not-found` (`sketch-not-found`; missing or deleted), `forbidden` (`no-read-permission`,
   *   `no-write-permission`, `no-delete-permission`).
   */
  requireSketch(principal: Principal, sketchId: number, permission: Permission): Promise<Sketch>
  /** As `requireSketch`, and refuses archived sketches. @throws {DomainError} `conflict` (`sketch-archived`). */
  requireOpenSketch(principal: Principal, sketchId: number, permission: Permission): Promise<Sketch>
  sketchPermissions(principal: Principal, sketchId: number): Promise<EffectivePermissions>
  sketchGrants(sketchId: number): Promise<Grants>
  /**
   * Needs write.
   *
   * @returns Names that are not known.
   * @throws {DomainError} `forbidden` (`cannot-grant`, `cannot-revoke` with details.permission; `owner-cannot-be-revoked`).
   */
  changeSketchGrants(
    principal: Principal,
    sketchId: number,
    change: GrantChange,
  ): Promise<{ unknownUsers: readonly string[]; unknownGroups: readonly string[] }>
  /** @throws {DomainError} `not-found` (`searchindex-not-found`), `forbidden`. */
  requireSearchIndex(
    principal: Principal,
    searchIndexId: number,
    permission: Permission,
  ): Promise<SearchIndex>
  searchIndexPermissions(principal: Principal, searchIndexId: number): Promise<EffectivePermissions>
}
