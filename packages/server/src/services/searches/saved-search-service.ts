import type { Principal } from '../../auth/principal.ts'
import type { User } from '../users/user-service.ts'

/**
 * A question somebody saved, or (name empty) the state of the last question each user asked in a sketch. What was asked is
 * kept as the client wrote it: only the dialect it came through reads `filterJson` and `dslJson`.
 */
export interface SavedSearch {
  readonly id: number
  readonly sketchId: number
  readonly owner: User | undefined
  readonly name: string
  readonly description: string
  readonly queryString: string
  readonly filterJson: string
  readonly dslJson: string
  /** The search template it was made from. */
  readonly searchTemplateId: number | undefined
  readonly isDeleted: boolean
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What a saved search asks. */
export interface SavedQuery {
  readonly queryString: string
  readonly filterJson: string
  readonly dslJson: string
}

/** Saved searches of sketches. */
export interface SavedSearchService {
  /** Needs read: named and not deleted ones, by name. */
  list(principal: Principal, sketchId: number): Promise<readonly SavedSearch[]>
  /** Needs read: named ones, deleted ones too, and the caller's own unnamed state. */
  listForExport(principal: Principal, sketchId: number): Promise<readonly SavedSearch[]>
  /** Needs read; deleted ones come back as such. @throws {DomainError} `not-found`; `forbidden` for another user's state. */
  get(principal: Principal, sketchId: number, savedSearchId: number): Promise<SavedSearch>
  /** Needs write. @throws {DomainError} `not-found` (`search-template-not-found`). */
  create(
    principal: Principal,
    sketchId: number,
    input: SavedQuery & { name: string; description?: string; searchTemplateId?: number },
  ): Promise<SavedSearch>
  /** Needs write; the caller becomes the owner. */
  update(
    principal: Principal,
    sketchId: number,
    savedSearchId: number,
    change: Partial<SavedQuery> & { name?: string; description?: string },
  ): Promise<SavedSearch>
  /** Needs write. Marks it deleted. */
  delete(principal: Principal, sketchId: number, savedSearchId: number): Promise<void>
  /** The caller's unnamed state of a sketch; undefined before the first question. */
  findState(principal: Principal, sketchId: number): Promise<SavedSearch | undefined>
  /** Makes a question the caller's state of a sketch. Needs read. */
  saveState(principal: Principal, sketchId: number, query: SavedQuery): Promise<void>
}
