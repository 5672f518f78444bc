import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { RuleSet } from '@timeskein/analyze'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Schema } from '../../db/schema.ts'
import { VERSION } from '../../version.ts'
import { findRuleRows, toRulesWithTexts } from '../rules/load-rules.ts'
import { keepFile } from './keep-file.ts'

/** SHA-256, with which a kept set says what it was made of. */
const HASH_BYTES = 32

/** The rules of the library that detection runs, ready to be run; read anew when one has changed. */
export class LibraryRules {
  readonly #db: Kysely<Schema>
  readonly #log: Logger
  readonly #path: string
  #hash: Buffer | undefined
  #set: RuleSet | undefined

  /** @param path - File that keeps what was read, for the next process. */
  constructor(db: Kysely<Schema>, log: Logger, path: string) {
    this.#db = db
    this.#log = log
    this.#path = path
  }

  /** Enabled rules. @param only - Ids; left out: all. */
  async load(only?: ReadonlySet<string>): Promise<RuleSet> {
    const all = await this.#loadAll()
    if (!only) return all
    const documents = all.documents.filter(({ meta }) => only.has(meta.id ?? ''))
    return { documents, problems: all.problems }
  }

  /** Whether there is any to run. */
  async isEmpty(): Promise<boolean> {
    const row = await this.#db
      .selectFrom('rules')
      .select('id')
      .where('is_enabled', '=', 1)
      .where('deleted_at_ms', 'is', null)
      .where('kind', '!=', 'filter')
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
    this.#set = (await this.#readKept(hash)) ?? (await this.#readTexts(hash))
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

  async #readKept(hash: Buffer): Promise<RuleSet | undefined> {
    try {
      const bytes = await readFile(this.#path)
      return bytes.subarray(0, HASH_BYTES).equals(hash)
        ? (await import('./rule-sets.ts')).unpackRuleSet(bytes.subarray(HASH_BYTES))
        : undefined
    } catch {
      // Not there, or not to be read: the texts are.
      return undefined
    }
  }

  async #readTexts(hash: Buffer): Promise<RuleSet> {
    const rows = await findRuleRows(this.#db, { isEnabled: true })
    const { packRuleSet, readRuleTexts } = await import('./rule-sets.ts')
    const read = await readRuleTexts(await toRulesWithTexts(this.#db, rows))
    const set: RuleSet = { ...read, hash: hash.toString('hex') }
    try {
      await keepFile(this.#path, Buffer.concat([hash, packRuleSet(set)]))
    } catch (error) {
      this.#log.warn({ err: error }, 'rules that were read could not be kept; they are read again next time')
    }
    return set
  }
}
