import type { Principal } from '../../auth/principal.ts'
import type { User } from '../users/user-service.ts'

/** A question with gaps that anybody can fill in, in any sketch. */
export interface SearchTemplate {
  readonly id: number
  /** Undefined for those of the data directory's files. */
  readonly owner: User | undefined
  readonly uuid: string
  readonly name: string
  readonly shortName: string
  readonly description: string
  /** With gaps (`renderTemplate`). */
  readonly queryString: string
  /** JSON text. */
  readonly filterJson: string
  /** JSON text. */
  readonly dslJson: string
  /** All that the file says, as JSON text; empty for one made of a saved search. */
  readonly templateJson: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A saved search that was made from a template. */
export interface TemplateUse {
  readonly savedSearchId: number
  readonly templateId: number
  readonly sketchId: number
}

/**
 * Search templates: those of the YAML files in `config/search-templates` of the data directory, and those that administrators
 * made of saved searches. Everybody may read them.
 */
export interface SearchTemplateService {
  list(principal: Principal): Promise<readonly SearchTemplate[]>
  /** Where templates are used, in the sketches that the caller may read. */
  listUses(principal: Principal): Promise<readonly TemplateUse[]>
  /** @throws {DomainError} `not-found` (`search-template-not-found`). */
  get(principal: Principal, id: number): Promise<SearchTemplate>
  /** Fills in the gaps. @throws {DomainError} `invalid` (`bad-template`) for one that cannot be read. */
  render(principal: Principal, id: number, variables: Readonly<Record<string, unknown>>): Promise<string>
  /** Makes one of a saved search; times are left out of its filter. Administrators only. */
  createFrom(principal: Principal, sketchId: number, savedSearchId: number): Promise<SearchTemplate>
  /** Administrators only. @throws {DomainError} `conflict` (`template-in-file`) while a file has it. */
  delete(principal: Principal, id: number): Promise<void>
}
