/** Tables of what nearly every request asks and few change: who calls, what they may do, which timelines there are. */
export const STRUCTURE_TABLES = [
  'users',
  'groups',
  'group_members',
  'sketches',
  'grants',
  'labels',
  'search_indexes',
  'timelines',
  'data_sources',
  'api_keys',
  'sessions',
] as const

export type StructureTable = (typeof STRUCTURE_TABLES)[number]

/** Tables whose rows take those of others with them when they are deleted (foreign keys with `ON DELETE`). */
const OWNING_TABLES: ReadonlySet<StructureTable> = new Set([
  'users',
  'groups',
  'sketches',
  'search_indexes',
  'timelines',
])

/** As Kysely writes statements. */
const WRITE = new RegExp(`^(insert into|update|delete from) "(${STRUCTURE_TABLES.join('|')})"`)

/** Counts the writes to the tables of structure. */
export class StructureVersions {
  readonly #writes = new Map<StructureTable, number>(STRUCTURE_TABLES.map((table) => [table, 0]))

  /** What is to be called whenever a statement runs; undefined for one that writes to none of the tables. */
  watch(sql: string): (() => void) | undefined {
    const match = WRITE.exec(sql)
    if (!match) return undefined
    // The pattern names nothing else.
    const table = match[2] as StructureTable
    const written = match[1] === 'delete from' && OWNING_TABLES.has(table) ? STRUCTURE_TABLES : [table]
    return () => {
      for (const one of written) this.#writes.set(one, this.#writes.get(one)! + 1)
    }
  }

  /** Grows with every write to one of these tables. */
  of(tables: readonly StructureTable[]): number {
    return tables.reduce((sum, table) => sum + this.#writes.get(table)!, 0)
  }
}
