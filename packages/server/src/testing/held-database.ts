import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'

/** Resolves when somebody is writing to an SQLite file. */
export async function untilWrittenTo(path: string): Promise<void> {
  using sqlite = new DatabaseSync(path, { timeout: 0 })
  for (;;) {
    try {
      sqlite.exec('begin immediate')
    } catch {
      return
    }
    sqlite.exec('rollback')
    await setTimeout(5)
  }
}
