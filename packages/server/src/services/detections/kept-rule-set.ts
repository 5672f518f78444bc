import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { RuleSet } from '@timeskein/analyze'
import type { Logger } from 'pino'
import { keepFile } from './keep-file.ts'

/** SHA-256, with which a kept set says what it was made of. */
const KEY_BYTES = 32

/** A file that keeps rules as they were read, for the next process: good for the same rules, read by the same code. */
export class KeptRuleSet {
  readonly #path: string
  readonly #log: Logger
  readonly #describeReader: () => Promise<string>

  /** @param describeReader - Tells the code that reads rules apart from others, whose sets are not taken. @default by its files */
  constructor(path: string, log: Logger, describeReader: () => Promise<string> = describeByFiles) {
    this.#path = path
    this.#log = log
    this.#describeReader = describeReader
  }

  /**
   * The kept set; undefined where there is none, or one of other rules or of other code.
   *
   * @param hash - Of the rules meant.
   */
  async read(hash: Buffer): Promise<RuleSet | undefined> {
    try {
      const bytes = await readFile(this.#path)
      if (!bytes.subarray(0, KEY_BYTES).equals(await this.#keyOf(hash))) return undefined
      return (await import('./rule-sets.ts')).unpackRuleSet(bytes.subarray(KEY_BYTES))
    } catch {
      // Not there, or not to be read: the texts of the rules are.
      return undefined
    }
  }

  /** Keeps a set in place of what was kept; where that fails, a warning says so. */
  async write(hash: Buffer, set: RuleSet): Promise<void> {
    try {
      const { packRuleSet } = await import('./rule-sets.ts')
      await keepFile(this.#path, Buffer.concat([await this.#keyOf(hash), packRuleSet(set)]))
    } catch (error) {
      this.#log.warn({ err: error }, 'rules that were read could not be kept; they are read again next time')
    }
  }

  async #keyOf(hash: Buffer): Promise<Buffer> {
    return createHash('sha256')
      .update(hash)
      .update(await this.#describeReader())
      .digest()
  }
}

async function describeByFiles(): Promise<string> {
  return await (await import('./rule-sets.ts')).describeCompiler()
}
