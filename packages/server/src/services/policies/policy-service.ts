import type { Principal } from '../../auth/principal.ts'
import type { User } from '../users/user-service.ts'

/**
 * A named set of rules: what other platforms call a policy, ruleset or profile. Which rules detection runs is said by the rules
 * themselves (`isEnabled`); a policy groups them, and a run may be told to use one policy only.
 */
export interface Policy {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly description: string
  readonly owner: User | undefined
  /** Ids of its rules that are in the library. */
  readonly ruleUuids: readonly string[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What a policy says; what is left out stays as it is. */
export interface PolicyChange {
  readonly name?: string
  readonly description?: string
  /** All its rules from now on. */
  readonly ruleUuids?: readonly string[]
}

/** Named sets of rules. Everybody may read and make them; who made one, and administrators, may change it. */
export interface PolicyService {
  /** By name. */
  list(principal: Principal): Promise<readonly Policy[]>
  /** @throws {DomainError} `not-found` (`policy-not-found`). */
  get(principal: Principal, uuid: string): Promise<Policy>
  /** @throws {DomainError} `invalid` (`bad-name`), `conflict` (`policy-exists`), `not-found` (`rule-not-found`). */
  create(principal: Principal, input: PolicyChange & { readonly name: string }): Promise<Policy>
  /** @throws {DomainError} as `create`; `forbidden` (`not-own-policy`). */
  update(principal: Principal, uuid: string, change: PolicyChange): Promise<Policy>
  /** Its rules stay. */
  delete(principal: Principal, uuid: string): Promise<void>
}
