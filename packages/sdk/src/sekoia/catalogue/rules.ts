import type { SekoiaRule, SekoiaRuleDraft } from '@timeskein/model/sekoia'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions, SekoiaConnection } from '../connection/connection.ts'
import { type ListFilter, type ListOptions, toListQuery } from '../connection/list-options.ts'

/** Which rules. A field that it does not know Sekoia.io passes over, and Timeskein refuses. */
export type RuleFilter = ListFilter<
  'name' | 'type' | 'severity' | 'effort' | 'enabled' | 'created_by' | 'uuid' | 'source'
>

const PATH = '/v1/sic/conf/rules-catalog/rules'
const MAX_PAGE = 100

/** Rules of the catalogue. */
export class SekoiaRules {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  list(options: RuleFilter & ListOptions = {}): Listing<SekoiaRule, number> {
    const { match, nomatch, ...rest } = options
    return this.#connection.list(PATH, rest, {
      maxPageSize: MAX_PAGE,
      query: toListQuery({ ...(match && { match }), ...(nomatch && { nomatch }) }),
    })
  }

  /** A rule; undefined where there is none of this id. */
  async get(uuid: string, options?: CallOptions): Promise<SekoiaRule | undefined> {
    return await this.#connection.find(PATH + path`/${uuid}`, options)
  }

  async create(rule: SekoiaRuleDraft, options?: CallOptions): Promise<SekoiaRule> {
    return await this.#connection.post(PATH, rule, options)
  }

  /** Sets all of a rule. */
  async update(uuid: string, rule: SekoiaRuleDraft, options?: CallOptions): Promise<SekoiaRule> {
    return await this.#connection.put(PATH + path`/${uuid}`, rule, options)
  }

  async delete(uuid: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(PATH + path`/${uuid}`, options)
  }

  async enable(uuid: string, options?: CallOptions): Promise<SekoiaRule> {
    return await this.#connection.put(PATH + path`/${uuid}/enabled`, {}, options)
  }

  async disable(uuid: string, options?: CallOptions): Promise<SekoiaRule> {
    return await this.#connection.put(PATH + path`/${uuid}/disabled`, {}, options)
  }
}
