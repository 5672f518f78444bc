import type { Kysely, Selectable } from 'kysely'
import type { SavedSearchRow, Schema } from '../../db/schema.ts'
import { forbidden, notFound } from '../../errors/domain-error.ts'
import { compareTexts } from '../compare-texts.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { SketchRows } from '../sketch-rows.ts'
import { loadOwners } from '../users/load-users.ts'
import type { SavedQuery, SavedSearch, SavedSearchService } from './saved-search-service.ts'
import { writeState } from './write-state.ts'

/** Saved searches, kept in the metadata database. */
export function createSavedSearchService(context: ServiceContext): SavedSearchService {
  const { db, access } = context
  const kept = new SketchRows(context, 'saved_searches', 'saved search', 'savedsearch')

  const find = async (sketchId: number, id: number): Promise<SavedSearch> => {
    const row = await kept.find(sketchId, id)
    return (await toSavedSearches(db, [row]))[0]!
  }

  const service: SavedSearchService = {
    async list(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('saved_searches')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .where('name', '!=', '')
        .where('is_deleted', '=', 0)
        .orderBy('id')
        .execute()
      const searches = await toSavedSearches(db, rows)
      return searches.toSorted((a, b) => compareTexts(a.name.toLowerCase(), b.name.toLowerCase()))
    },
    async listForExport(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('saved_searches')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .where((where) => where.or([where('name', '!=', ''), where('owner_id', '=', principal.userId)]))
        .orderBy('id')
        .execute()
      return await toSavedSearches(db, rows)
    },
    async get(principal, sketchId, savedSearchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const search = await find(sketchId, savedSearchId)
      if (search.name === '' && search.owner?.id !== principal.userId) {
        throw forbidden('not-own-state', 'This is the state of another user.')
      }
      return search
    },
    async create(principal, sketchId, input) {
      await access.requireSketch(principal, sketchId, 'write')
      const name = requireName('saved search', input.name)
      await requireTemplate(db, input.searchTemplateId)
      const now = context.now()
      const { id } = await db
        .insertInto('saved_searches')
        .values({
          sketch_id: sketchId,
          owner_id: principal.userId,
          name,
          description: input.description ?? '',
          query_string: input.queryString,
          filter_json: input.filterJson,
          dsl_json: input.dslJson,
          is_deleted: 0,
          search_template_id: input.searchTemplateId ?? null,
          created_at_ms: now,
          updated_at_ms: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await kept.record(principal, 'create', sketchId, id, { name })
      return await find(sketchId, id)
    },
    async update(principal, sketchId, savedSearchId, change) {
      await access.requireSketch(principal, sketchId, 'write')
      const before = await service.get(principal, sketchId, savedSearchId)
      if (change.name !== undefined && before.name !== '') requireName('saved search', change.name)
      await db
        .updateTable('saved_searches')
        .set({
          owner_id: principal.userId,
          updated_at_ms: context.now(),
          ...(change.name === undefined ? {} : { name: change.name }),
          ...(change.description === undefined ? {} : { description: change.description }),
          ...toColumns(change),
        })
        .where('id', '=', savedSearchId)
        .execute()
      await kept.record(principal, 'update', sketchId, savedSearchId)
      return await find(sketchId, savedSearchId)
    },
    async delete(principal, sketchId, savedSearchId) {
      await access.requireSketch(principal, sketchId, 'write')
      await service.get(principal, sketchId, savedSearchId)
      await db
        .updateTable('saved_searches')
        .set({ is_deleted: 1, updated_at_ms: context.now() })
        .where('id', '=', savedSearchId)
        .execute()
      await kept.record(principal, 'delete', sketchId, savedSearchId)
    },
    async findState(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const row = await db
        .selectFrom('saved_searches')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .where('owner_id', '=', principal.userId)
        .where('name', '=', '')
        .executeTakeFirst()
      return row && (await toSavedSearches(db, [row]))[0]
    },
    async saveState(principal, sketchId, query) {
      await access.requireSketch(principal, sketchId, 'read')
      await writeState(db, { sketchId, userId: principal.userId }, query, context.now())
    },
  }
  return service
}

function toColumns(query: Partial<SavedQuery>): Partial<Selectable<SavedSearchRow>> {
  return {
    ...(query.queryString === undefined ? {} : { query_string: query.queryString }),
    ...(query.filterJson === undefined ? {} : { filter_json: query.filterJson }),
    ...(query.dslJson === undefined ? {} : { dsl_json: query.dslJson }),
  }
}

async function requireTemplate(db: Kysely<Schema>, id: number | undefined): Promise<void> {
  if (id === undefined) return
  const row = await db.selectFrom('search_templates').select('id').where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('search template', id)
}

async function toSavedSearches(
  db: Kysely<Schema>,
  rows: readonly Selectable<SavedSearchRow>[],
): Promise<readonly SavedSearch[]> {
  const owners = await loadOwners(db, rows)
  return rows.map((row) => ({
    id: row.id,
    sketchId: row.sketch_id,
    owner: owners.get(row.owner_id),
    name: row.name,
    description: row.description,
    queryString: row.query_string,
    filterJson: row.filter_json,
    dslJson: row.dsl_json,
    searchTemplateId: row.search_template_id ?? undefined,
    isDeleted: row.is_deleted === 1,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
