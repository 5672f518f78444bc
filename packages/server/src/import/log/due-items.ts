import type { FileAccount } from '@timeskein/model'
import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { isPlatformFile } from '../../services/platform-items/enter-imported-items.ts'

/** What an import is known by, and what came of its files. */
interface ImportFiles {
  readonly importId: string
  readonly timelineId: number
  readonly files: readonly FileAccount[]
}

/** The timelines into which an import's files brought items of platforms. */
export function listItemTimelines({ timelineId, files }: Omit<ImportFiles, 'importId'>): readonly number[] {
  const brought = files.filter((file) => isPlatformFile(file) && file.stored + file.duplicates > 0)
  return [...new Set(brought.map(({ timeline }) => timeline?.id ?? timelineId))]
}

/** The same; where nothing is known of the files of one that has items to enter, every timeline that it may have written to. */
export async function findItemTimelines(
  db: Kysely<Schema>,
  { importId, timelineId, files }: ImportFiles,
): Promise<readonly number[]> {
  const known = listItemTimelines({ timelineId, files })
  if (known.length > 0) return known
  const sources = await db
    .selectFrom('data_sources')
    .innerJoin('imports', 'imports.id', 'data_sources.import_id')
    .select('data_sources.timeline_id')
    .where('imports.id', '=', importId)
    .where('imports.items_tries', 'is not', null)
    .execute()
  return [...new Set(sources.map((source) => source.timeline_id))]
}

/** @param tries - How many starts have begun with it; null when there is nothing to enter any more. */
export async function noteItemTries(
  db: Kysely<Schema>,
  importId: string,
  tries: number | null,
): Promise<void> {
  await db.updateTable('imports').set({ items_tries: tries }).where('id', '=', importId).execute()
}
