import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import { requireAdmin } from '../../auth/require-admin.ts'
import type { SearchTemplateRow } from '../../db/case-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { conflict, notFound } from '../../errors/domain-error.ts'
import type { SavedSearchService } from '../searches/saved-search-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { loadOwners } from '../users/load-users.ts'
import { renderTemplate } from './render-template.ts'
import type { SearchTemplate, SearchTemplateService, TemplateUse } from './search-template-service.ts'
import { TemplateFiles } from './template-files.ts'

/** Search templates, kept in the metadata database; those of files are brought in when the files change. */
export function createSearchTemplateService(
  context: ServiceContext,
  savedSearches: SavedSearchService,
): SearchTemplateService {
  const { db, access, audit } = context
  const files = new TemplateFiles(context)

  const find = async (id: number): Promise<SearchTemplate> => {
    await files.bringIn()
    const row = Number.isSafeInteger(id)
      ? await db.selectFrom('search_templates').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined
    if (!row) throw notFound('search template', id)
    return (await toTemplates(db, [row]))[0]!
  }

  return {
    async list() {
      await files.bringIn()
      const rows = await db.selectFrom('search_templates').selectAll().orderBy('id').execute()
      return await toTemplates(db, rows)
    },
    async listUses(principal) {
      const rows = await db
        .selectFrom('saved_searches')
        .select(['id', 'sketch_id', 'search_template_id'])
        .where('search_template_id', 'is not', null)
        .where('is_deleted', '=', 0)
        .orderBy('id')
        .execute()
      const uses: TemplateUse[] = []
      for (const [sketchId, own] of Map.groupBy(rows, (row) => row.sketch_id)) {
        if (!(await access.sketchPermissions(principal, sketchId)).read) continue
        for (const row of own)
          uses.push({ savedSearchId: row.id, templateId: row.search_template_id!, sketchId })
      }
      return uses
    },
    get: (_principal, id) => find(id),
    async render(_principal, id, variables) {
      return renderTemplate((await find(id)).queryString, variables)
    },
    async createFrom(principal, sketchId, savedSearchId) {
      requireAdmin(principal)
      const search = await savedSearches.get(principal, sketchId, savedSearchId)
      const now = context.now()
      const { id } = await db
        .insertInto('search_templates')
        .values({
          owner_id: principal.userId,
          template_uuid: randomUUID(),
          name: search.name,
          short_name: '',
          description: search.description,
          query_string: search.queryString,
          query_filter: withoutTimes(search.filterJson),
          query_dsl: search.dslJson,
          template_json: '',
          created_at_ms: now,
          updated_at_ms: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await audit.record(principal, {
        action: 'searchtemplate.create',
        subject: `searchtemplate/${id}`,
        details: { name: search.name },
      })
      return await find(id)
    },
    async delete(principal, id) {
      const template = await find(id)
      requireAdmin(principal)
      const file = await files.fileOf(template.uuid)
      if (file !== undefined)
        throw conflict(
          'template-in-file',
          `The search template ${id} is in the file ${file}; take it out there first.`,
          {
            file,
          },
        )
      await db.deleteFrom('search_templates').where('id', '=', id).execute()
      await audit.record(principal, {
        action: 'searchtemplate.delete',
        subject: `searchtemplate/${id}`,
        details: { name: template.name },
      })
    },
  }
}

/** A filter without its chips of time: a template is for any time. */
function withoutTimes(filterJson: string): string {
  const filter = JSON.parse(filterJson || '{}')
  if (!Array.isArray(filter?.chips)) return filterJson
  const chips = filter.chips.filter((chip: { type?: unknown }) => !String(chip?.type).startsWith('datetime'))
  return JSON.stringify({ ...filter, chips })
}

async function toTemplates(
  db: Kysely<Schema>,
  rows: readonly Selectable<SearchTemplateRow>[],
): Promise<readonly SearchTemplate[]> {
  const owners = await loadOwners(db, rows)
  return rows.map((row) => ({
    id: row.id,
    owner: row.owner_id === null ? undefined : owners.get(row.owner_id),
    uuid: row.template_uuid,
    name: row.name,
    shortName: row.short_name,
    description: row.description,
    queryString: row.query_string,
    filterJson: row.query_filter,
    dslJson: row.query_dsl,
    templateJson: row.template_json,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
