import type { DatabaseSync } from 'node:sqlite'

/** Events that were ever stored, as SQLite counts them; 0 where it does not say. */
export function countStored(database: DatabaseSync): number {
  try {
    // Of its few tables; a damaged one could go on without end.
    const row = database
      .prepare("SELECT seq FROM (SELECT name, seq FROM sqlite_sequence LIMIT 1000) WHERE name = 'event'")
      .get()
    return Number(row?.['seq'] ?? 0)
  } catch {
    // The count only draws progress and checks what was read.
    return 0
  }
}
