import type {
  ThreatStackRule,
  ThreatStackRuleDraft,
  ThreatStackRuleset,
  ThreatStackRuleTags,
} from '@timeskein/model/threatstack'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../call-options.ts'
import type { Connection } from '../connection.ts'
import { listByToken } from './list.ts'

/** What a ruleset says; `ruleIds` are all its rules from then on. */
export interface RulesetDraft {
  readonly name: string
  readonly description?: string | undefined
  readonly ruleIds?: readonly string[] | undefined
}

/** Rulesets and their rules. */
export class Rulesets {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** @param options.agentId - Those of this agent. */
  list(options: CallOptions & { readonly agentId?: string | undefined } = {}): Listing<ThreatStackRuleset> {
    return listByToken(this.#connection, '/rulesets', 'rulesets', { ...options })
  }

  /** Undefined where there is none. */
  get(id: string, options: CallOptions = {}): Promise<ThreatStackRuleset | undefined> {
    return this.#connection.find({ method: 'GET', path: path`/rulesets/${id}` }, options)
  }

  create(ruleset: RulesetDraft, options: CallOptions = {}): Promise<ThreatStackRuleset> {
    return this.#connection.send({ method: 'POST', path: '/rulesets', json: ruleset }, options)
  }

  replace(id: string, ruleset: RulesetDraft, options: CallOptions = {}): Promise<ThreatStackRuleset> {
    return this.#connection.send({ method: 'PUT', path: path`/rulesets/${id}`, json: ruleset }, options)
  }

  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send({ method: 'DELETE', path: path`/rulesets/${id}` }, options)
  }

  /** The rules of a ruleset. */
  rules(id: string, options: CallOptions = {}): Listing<ThreatStackRule> {
    return listByToken(this.#connection, path`/rulesets/${id}/rules`, 'rules', { ...options })
  }

  /** Undefined where there is none. */
  getRule(id: string, ruleId: string, options: CallOptions = {}): Promise<ThreatStackRule | undefined> {
    return this.#connection.find({ method: 'GET', path: path`/rulesets/${id}/rules/${ruleId}` }, options)
  }

  createRule(id: string, rule: ThreatStackRuleDraft, options: CallOptions = {}): Promise<ThreatStackRule> {
    return this.#connection.send({ method: 'POST', path: path`/rulesets/${id}/rules`, json: rule }, options)
  }

  replaceRule(
    id: string,
    ruleId: string,
    rule: ThreatStackRuleDraft,
    options: CallOptions = {},
  ): Promise<ThreatStackRule> {
    return this.#connection.send(
      { method: 'PUT', path: path`/rulesets/${id}/rules/${ruleId}`, json: rule },
      options,
    )
  }

  async deleteRule(id: string, ruleId: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send({ method: 'DELETE', path: path`/rulesets/${id}/rules/${ruleId}` }, options)
  }

  /** Filters of what is no finding: all that the rule has from then on. */
  setSuppressions(
    id: string,
    ruleId: string,
    suppressions: readonly string[],
    options: CallOptions = {},
  ): Promise<ThreatStackRule> {
    return this.#connection.send(
      { method: 'PUT', path: path`/rulesets/${id}/rules/${ruleId}/suppressions`, json: { suppressions } },
      options,
    )
  }

  /** Which machines a rule is for; undefined where it is for all. */
  getTags(ruleId: string, options: CallOptions = {}): Promise<ThreatStackRuleTags | undefined> {
    return this.#connection.find({ method: 'GET', path: path`/rules/${ruleId}/tags` }, options)
  }

  setTags(
    ruleId: string,
    tags: ThreatStackRuleTags,
    options: CallOptions = {},
  ): Promise<ThreatStackRuleTags> {
    return this.#connection.send({ method: 'POST', path: path`/rules/${ruleId}/tags`, json: tags }, options)
  }
}
