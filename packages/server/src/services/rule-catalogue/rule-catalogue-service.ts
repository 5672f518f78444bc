import type { Principal } from '../../auth/principal.ts'
import type { RuleWithText } from '../rules/rule-service.ts'

/** What somebody says of a rule whose text is only a detection: all that is kept beside it. */
export interface CatalogueDraft {
  readonly title: string
  readonly description: string
  /** Sigma as YAML: a detection, a whole rule, or several documents of which one is a correlation. */
  readonly payload: string
  /** 0 to 100. */
  readonly severity: number
  readonly tags: readonly string[]
  readonly isEnabled: boolean
  /** Told back as it is. */
  readonly details: Readonly<Record<string, unknown>>
}

/** A rule of the library as a catalogue shows it. */
export interface CatalogueRule {
  readonly rule: RuleWithText
  /** As it was sent; the rule's text where it came by another way. */
  readonly payload: string
  readonly severity: number
  readonly tags: readonly string[]
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * The library of rules for APIs that describe a rule beside its Sigma. The rules are those of `RuleService`, with its checks of who may
 * change them; rules that a correlation brought with it are part of it and not shown by themselves.
 */
export interface RuleCatalogueService {
  /** In the order they came. */
  list(principal: Principal): Promise<readonly CatalogueRule[]>
  /** @throws {DomainError} `not-found` (`rule-not-found`). */
  get(principal: Principal, uuid: string): Promise<CatalogueRule>
  /** @throws {DomainError} `invalid` (`bad-rule`) with what is wrong with the payload and where. */
  create(principal: Principal, draft: CatalogueDraft): Promise<CatalogueRule>
  /** @throws {DomainError} As `create`; `not-found`, `forbidden` (`not-own-rule`). */
  update(principal: Principal, uuid: string, draft: CatalogueDraft): Promise<CatalogueRule>
  setEnabled(principal: Principal, uuid: string, isEnabled: boolean): Promise<CatalogueRule>
  remove(principal: Principal, uuid: string): Promise<void>
}
