import type { StructureTable } from '../../db/structure-versions.ts'

/** Answers kept at once; the one longest unused gives way. */
const MAX_CACHED_ANSWERS = 2000

interface Entry {
  readonly version: number
  readonly value: Promise<unknown>
}

/**
 * Remembers what was read of callers, sketches, timelines and permissions until one of the tables it was read from is written
 * to. Every question needs these and few requests change them.
 */
export class StructureCache {
  readonly #version: (tables: readonly StructureTable[]) => number
  readonly #entries = new Map<string, Entry>()

  /** @param version - Grows with every write to one of the tables. */
  constructor(version: (tables: readonly StructureTable[]) => number) {
    this.#version = version
  }

  /**
   * The remembered answer, or a fresh one. Answers are shared: they must not be changed.
   *
   * @param key - Names what is read; of one kind of it `tables` are always the same.
   * @param tables - Those that `load` looks at.
   * @param load - Reads outside of any transaction, so that it sees what is committed.
   */
  get<Value>(key: string, tables: readonly StructureTable[], load: () => Promise<Value>): Promise<Value> {
    const version = this.#version(tables)
    const entry = this.#entries.get(key)
    // The key says what kind of value was put in.
    if (entry?.version === version) return entry.value as Promise<Value>
    // The version is that of before the reading: a write meanwhile makes the answer an old one.
    const value = load()
    this.#entries.delete(key)
    this.#entries.set(key, { version, value })
    if (this.#entries.size > MAX_CACHED_ANSWERS) this.#entries.delete(this.#entries.keys().next().value ?? '')
    value.catch(() => this.#entries.delete(key))
    return value
  }
}
