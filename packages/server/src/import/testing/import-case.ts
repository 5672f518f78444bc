import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Query } from '@timeskein/query'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { ImportJob, ImportRequest } from '../import-service.ts'

export const EVERYTHING: Query = { kind: 'all' }

/** A system with a sketch to import into. */
export interface ImportCase extends TemporarySystem {
  readonly sketchId: number
  /** Writes a file to import. @returns Its path. */
  writeInput(name: string, content: string | Uint8Array): Promise<string>
  /** @param statement - SQL, past everything that the system keeps to. */
  changeDatabase(statement: string): void
  /** Imports files into the timeline `evidence`, to the end. */
  importPaths(paths: readonly string[], more?: Partial<ImportRequest>): Promise<ImportJob>
  countEvents(): Promise<number>
}

/** Opens a system with a sketch, which is the caller's to dispose of. */
export async function openImportCase(): Promise<ImportCase> {
  const temporary = await openTemporarySystem()
  const { system, directory, admin } = temporary
  const { sketches, imports, explore } = system.services
  const { id: sketchId } = await sketches.create(admin, { name: 'case' })
  return {
    ...temporary,
    sketchId,
    async writeInput(name, content) {
      const path = join(directory, name)
      await writeFile(path, content)
      return path
    },
    changeDatabase(statement) {
      using database = new DatabaseSync(join(directory, 'metadata.sqlite'))
      database.exec(statement)
    },
    async importPaths(paths, more = {}) {
      const inputs = paths.map((path) => ({ path }))
      const request = { sketchId, timeline: { name: 'evidence' }, inputs, ...more }
      return await (await imports.start(admin, request)).ended
    },
    countEvents: async () => await explore.count(admin, { sketchId, query: EVERYTHING }),
  }
}

/** Events of Timesketch's kind, a line each, numbered. @param to - The number after the last. */
export function makeLines(from: number, to: number): string {
  let text = ''
  for (let number = from; number < to; number++) {
    const datetime = new Date(1_700_000_000_000 + number * 1000).toISOString()
    text += `${JSON.stringify({ datetime, message: `event ${number}`, timestamp_desc: 'Logged', number })}\n`
  }
  return text
}
