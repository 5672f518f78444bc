import { conflict, forbidden } from '../../errors/domain-error.ts'
import { readableBy } from '../access/readable-by.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { makeIndexName, requireIndexName } from './index-name.ts'
import { listIndexUses } from './index-usage.ts'
import { findSearchIndex, toSearchIndexes } from './load-search-indexes.ts'
import { makeSearchIndex } from './make-search-index.ts'
import type { SearchIndexService } from './search-index-service.ts'
import { runCleanups, scheduleCleanups } from './store-cleanup.ts'

/** Records of indexes, kept in the metadata database. */
export function createSearchIndexService(context: ServiceContext): SearchIndexService {
  const { db, access, audit } = context
  const service: SearchIndexService = {
    async list(principal) {
      const rows = await db
        .selectFrom('search_indexes')
        .selectAll()
        .where('status', '!=', 'deleted')
        .where('id', 'in', readableBy(principal, 'searchindex'))
        .orderBy('id')
        .execute()
      return await toSearchIndexes(db, rows)
    },
    get: (principal, searchIndexId) => access.requireSearchIndex(principal, searchIndexId, 'read'),
    async listFields(principal, searchIndexId) {
      const { indexName } = await service.get(principal, searchIndexId)
      const timelineIds: number[] = []
      for (const use of await listIndexUses(db, indexName)) {
        if (use.sketchStatus === 'deleted' || use.timelineStatus === 'deleted') continue
        if ((await access.sketchPermissions(principal, use.sketchId)).read) timelineIds.push(use.timelineId)
      }
      return timelineIds.length === 0
        ? []
        : await context.store.listFields([{ index: indexName, timelineIds }])
    },
    find: (searchIndexId) => findSearchIndex(db, searchIndexId),
    async findByIndexName(indexName) {
      const rows = await db
        .selectFrom('search_indexes')
        .selectAll()
        .where('index_name', '=', indexName)
        .orderBy('id')
        .execute()
      const row = rows.find((candidate) => candidate.status !== 'deleted') ?? rows[0]
      return row && (await toSearchIndexes(db, [row]))[0]
    },
    async create(principal, input) {
      const name = requireName('search index', input.name)
      const indexName =
        input.indexName === undefined ? makeIndexName() : requireIndexName(input.indexName.toLowerCase())
      const there = await service.findByIndexName(indexName)
      if (there && there.status !== 'deleted') return { searchIndex: there, created: false }
      const id = await makeSearchIndex(context, {
        ...input,
        name,
        indexName,
        description: input.description ?? name,
        userId: principal.userId,
      })
      await audit.record(principal, {
        action: 'searchindex.create',
        subject: `searchindex/${id}`,
        details: { name, indexName },
      })
      return { searchIndex: (await findSearchIndex(db, id))!, created: true }
    },
    async update(principal, searchIndexId, change) {
      const before = await findSearchIndex(db, searchIndexId)
      if (before?.status === 'deleted') {
        throw conflict('searchindex-deleted', `Search index ${searchIndexId} is deleted.`, { searchIndexId })
      }
      await access.requireSearchIndex(principal, searchIndexId, 'write')
      const now = context.now()
      await db
        .updateTable('search_indexes')
        .set({
          updated_at_ms: now,
          ...(change.description === undefined ? {} : { description: change.description }),
          ...(change.status === undefined ? {} : { status: change.status, status_changed_at_ms: now }),
        })
        .where('id', '=', searchIndexId)
        .execute()
      await audit.record(principal, {
        action: 'searchindex.update',
        subject: `searchindex/${searchIndexId}`,
        details: { ...change },
      })
      return (await findSearchIndex(db, searchIndexId))!
    },
    async delete(principal, searchIndexId) {
      const searchIndex = await access.requireSearchIndex(principal, searchIndexId, 'delete')
      const uses = (await listIndexUses(db, searchIndex.indexName)).filter(
        (use) => use.sketchStatus !== 'deleted',
      )
      if (uses.length > 0) {
        const sketches = [
          ...new Map(uses.map((use) => [use.sketchId, { id: use.sketchId, name: use.sketchName }])).values(),
        ]
        throw forbidden(
          'searchindex-in-use',
          `Search index ${searchIndexId} is in use by sketches ${sketches.map((sketch) => sketch.id).join(', ')}.`,
          { sketches },
        )
      }
      const now = context.now()
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('search_indexes')
          .set({ status: 'deleted', status_changed_at_ms: now, updated_at_ms: now })
          .where('id', '=', searchIndexId)
          .execute()
        const others = await transaction
          .selectFrom('search_indexes')
          .select('id')
          .where('index_name', '=', searchIndex.indexName)
          .where('status', '!=', 'deleted')
          .execute()
        if (others.length === 0) {
          await scheduleCleanups(transaction, [{ indexName: searchIndex.indexName }], now)
        }
      })
      await runCleanups(context)
      await audit.record(principal, {
        action: 'searchindex.delete',
        subject: `searchindex/${searchIndexId}`,
        details: { indexName: searchIndex.indexName },
      })
    },
    async isShared(indexName, exceptSketchId) {
      const uses = await listIndexUses(db, indexName)
      return uses.some((use) => use.sketchId !== exceptSketchId && use.sketchStatus !== 'deleted')
    },
  }
  return service
}
