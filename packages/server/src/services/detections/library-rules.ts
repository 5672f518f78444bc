import { createHash } from 'node:crypto'
import type { RuleSet } from '@timeskein/analyze'
import type { SigmaSource } from '@timeskein/query/sigma'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Schema } from '../../db/schema.ts'
import { VERSION } from '../../version.ts'
import { findRuleRows, toRulesWithTexts } from '../rules/load-rules.ts'
import { KeptRuleSet } from './kept-rule-set.ts'
import { listPipelines } from './list-pipelines.ts'
import { selectRules } from './select-rules.ts'

/** The rules of the library that detection runs, ready to be run; read anew when one has changed. */
export class LibraryRules {
  readonly #db: Kysely<Schema>
  readonly #kept: KeptRuleSet
  #hash: Buffer | undefined
  #set: RuleSet | undefined

  /** @param path - File that keeps what was read, for the next process. */
  constructor(db: Kysely<Schema>, log: Logger, path: string) {
    this.#db = db
    this.#kept = new KeptRuleSet(path, log)
  }

  /** Enabled rules, with the filters that are for them, and pipelines. @param only - Ids; left out: all. */
  async load(only?: ReadonlySet<string>): Promise<RuleSet> {
    const all = await this.#loadAll()
    return only ? selectRules(all, only) : all
  }

  /** Enabled pipelines, for rules of files. */
  async loadPipelines(): Promise<readonly SigmaSource[]> {
    const rows = await findRuleRows(this.#db, { isEnabled: true, kind: 'pipeline' })
    return listPipelines(await toRulesWithTexts(this.#db, rows))
  }

  /** Whether there is any to run. */
  async isEmpty(): Promise<boolean> {
    const row = await this.#db
      .selectFrom('rules')
      .select('id')
      .where('is_enabled', '=', 1)
      .where('deleted_at_ms', 'is', null)
      .where('kind', 'not in', ['filter', 'pipeline'])
      .limit(1)
      .executeTakeFirst()
    return row === undefined
  }

  /** Tells sets of enabled rules apart, and versions of the program, which may read the same rules otherwise. */
  async describe(): Promise<string> {
    return (await this.#hashEnabled()).toString('hex')
  }

  async #loadAll(): Promise<RuleSet> {
    const hash = await this.#hashEnabled()
    if (this.#set && this.#hash?.equals(hash)) return this.#set
    this.#set = (await this.#kept.read(hash)) ?? (await this.#readTexts(hash))
    this.#hash = hash
    return this.#set
  }

  async #hashEnabled(): Promise<Buffer> {
    const versions = await this.#db
      .selectFrom('rules')
      .leftJoin('users', 'users.id', 'rules.owner_id')
      .select(['uuid', 'version', 'owner_id', 'is_admin'])
      .where('is_enabled', '=', 1)
      .where('deleted_at_ms', 'is', null)
      .orderBy('rules.id')
      .execute()
    const sum = createHash('sha256').update(`${VERSION}\n`)
    for (const { uuid, version, owner_id, is_admin } of versions)
      sum.update(`${uuid} ${version} ${owner_id} ${is_admin}\n`)
    return sum.digest()
  }

  async #readTexts(hash: Buffer): Promise<RuleSet> {
    const rows = await findRuleRows(this.#db, { isEnabled: true, withPipelines: true })
    const { readRuleTexts } = await import('./rule-sets.ts')
    const read = await readRuleTexts(await toRulesWithTexts(this.#db, rows))
    const set: RuleSet = { ...read, hash: hash.toString('hex') }
    await this.#kept.write(hash, set)
    return set
  }
}
