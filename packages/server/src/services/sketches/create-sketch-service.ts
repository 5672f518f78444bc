import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { conflict, forbidden } from '../../errors/domain-error.ts'
import { grantAll } from '../access/grants.ts'
import { readableBy } from '../access/readable-by.ts'
import { noteChange } from '../changes/note-change.ts'
import { holdsText } from '../holds-text.ts'
import { requireName } from '../names.ts'
import { addObjectLabels, removeObjectLabels } from '../object-labels.ts'
import { writeState } from '../searches/write-state.ts'
import type { ServiceContext } from '../service-context.ts'
import { findSketch, toSketches } from './load-sketches.ts'
import { resolveSketch } from './resolve-sketch.ts'
import { archiveSketch, deleteSketch, unarchiveSketch } from './sketch-lifecycle.ts'
import type { Sketch, SketchListScope, SketchService } from './sketch-service.ts'

/** Sketches that `recent` lists. */
const RECENT_COUNT = 10
/** Each write waits for the disk: of many in a row, one a second is noted. */
const TOUCH_EVERY_MS = 1000
/** Most sketches on one page. */
export const MAX_PAGE_SIZE = 1000

type Expressions = ExpressionBuilder<Schema, 'sketches'>
type Condition = ExpressionWrapper<Schema, 'sketches', SqlBool>

/** Sketches, kept in the metadata database. */
export function createSketchService(context: ServiceContext): SketchService {
  const { db, access, audit } = context

  const changed = async (
    principal: Principal,
    sketchId: number,
    action: string,
    details: Record<string, unknown>,
  ): Promise<Sketch> => {
    await audit.record(principal, { action, subject: `sketch/${sketchId}`, sketchId, details })
    await noteChange(context, sketchId, 'sketch')
    return (await findSketch(db, sketchId))!
  }

  const service: SketchService = {
    async create(principal, input) {
      const now = context.now()
      const name = requireName('sketch', input.name)
      const id = await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('sketches')
          .values({
            name,
            description: input.description ?? '',
            owner_id: principal.userId,
            status: 'new',
            status_changed_at_ms: now,
            revision: 1,
            created_at_ms: now,
            updated_at_ms: now,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await grantAll(transaction, 'sketch', row.id, principal.userId)
        return row.id
      })
      await audit.record(principal, {
        action: 'sketch.create',
        subject: `sketch/${id}`,
        sketchId: id,
        details: { name },
      })
      return (await findSketch(db, id))!
    },
    get: (principal, sketchId) => access.requireSketch(principal, sketchId, 'read'),
    find: (sketchId) => findSketch(db, sketchId),
    resolve: async (principal, nameOrId) =>
      await service.get(principal, await resolveSketch(context, principal, nameOrId)),
    async list(principal, options = {}) {
      const scope = options.scope ?? 'user'
      const perPage = Math.min(Math.max(1, Math.trunc(options.perPage ?? 10)), MAX_PAGE_SIZE)
      const page = Math.max(1, Math.trunc(options.page ?? 1))
      if (scope === 'admin' && !principal.isAdmin) {
        throw forbidden('not-an-admin', 'Only administrators may list every sketch.')
      }
      if (scope === 'recent') return await listRecent(context, principal)
      const condition = (where: Expressions): Condition => listCondition(where, principal, scope, options)
      const { count } = await db
        .selectFrom('sketches')
        .select(({ fn }) => fn.countAll().as('count'))
        .where(condition)
        .executeTakeFirstOrThrow()
      const rows = await db
        .selectFrom('sketches')
        .selectAll()
        .where(condition)
        .orderBy('updated_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(perPage)
        .offset((page - 1) * perPage)
        .execute()
      return {
        sketches: await toSketches(db, rows),
        page,
        perPage,
        totalItems: Number(count),
        totalPages: Math.ceil(Number(count) / perPage),
      }
    },
    async update(principal, sketchId, change) {
      await access.requireSketch(principal, sketchId, 'write')
      if (change.name !== undefined) requireName('sketch', change.name)
      await db
        .updateTable('sketches')
        .set({ ...change, updated_at_ms: context.now() })
        .where('id', '=', sketchId)
        .execute()
      return await changed(principal, sketchId, 'sketch.update', { ...change })
    },
    async addLabels(principal, sketchId, labels) {
      await access.requireSketch(principal, sketchId, 'write')
      await addObjectLabels(db, { kind: 'sketch', id: sketchId }, labels, {
        userId: principal.userId,
        atMs: context.now(),
      })
      return await changed(principal, sketchId, 'sketch.label', { labels })
    },
    async removeLabels(principal, sketchId, labels) {
      await access.requireSketch(principal, sketchId, 'write')
      await removeObjectLabels(db, { kind: 'sketch', id: sketchId }, labels)
      return await changed(principal, sketchId, 'sketch.unlabel', { labels })
    },
    async delete(principal, sketchId, options = {}) {
      const found = options.force && principal.isAdmin ? await findSketch(db, sketchId) : undefined
      const sketch =
        found?.status === 'deleted' ? found : await access.requireSketch(principal, sketchId, 'delete')
      if (options.force && !principal.isAdmin) {
        throw forbidden('force-needs-admin', 'Only administrators may delete a sketch for good.')
      }
      await deleteSketch(context, sketch, options.force ?? false)
      await audit.record(principal, {
        action: options.force ? 'sketch.destroy' : 'sketch.delete',
        subject: `sketch/${sketchId}`,
        sketchId,
        details: { name: sketch.name },
      })
      context.changes.publish({
        sketchId,
        revision: sketch.revision + 1,
        kind: 'sketch',
        details: { deleted: true },
      })
    },
    async archive(principal, sketchId) {
      const sketch = await access.requireSketch(principal, sketchId, 'delete')
      if (sketch.status === 'archived') {
        throw conflict('already-archived', `Sketch ${sketchId} is already archived.`, { sketchId })
      }
      await archiveSketch(context, sketch)
      return await changed(principal, sketchId, 'sketch.archive', {})
    },
    async unarchive(principal, sketchId) {
      const sketch = await access.requireSketch(principal, sketchId, 'delete')
      if (sketch.status !== 'archived') {
        throw conflict('not-archived', `Sketch ${sketchId} is not archived.`, { sketchId })
      }
      await unarchiveSketch(context, sketch)
      return await changed(principal, sketchId, 'sketch.unarchive', {})
    },
    async touch(principal, sketchId) {
      const now = context.now()
      const state = await db
        .selectFrom('saved_searches')
        .select(['id', 'updated_at_ms'])
        .where('sketch_id', '=', sketchId)
        .where('owner_id', '=', principal.userId)
        .where('name', '=', '')
        .executeTakeFirst()
      if (!state) {
        const nothing = { queryString: '', filterJson: '', dslJson: '' }
        await writeState(db, { sketchId, userId: principal.userId }, nothing, now)
      } else if (now - state.updated_at_ms >= TOUCH_EVERY_MS) {
        await db
          .updateTable('saved_searches')
          .set({ updated_at_ms: now })
          .where('id', '=', state.id)
          .execute()
      }
    },
    async lastActivity(sketchIds) {
      if (sketchIds.length === 0) return new Map()
      const rows = await db
        .selectFrom('saved_searches')
        .select(['sketch_id', ({ fn }) => fn.max('updated_at_ms').as('at_ms')])
        .where('sketch_id', 'in', sketchIds.slice(0, MAX_PAGE_SIZE))
        .where('name', '=', '')
        .groupBy('sketch_id')
        .execute()
      return new Map(rows.map((row) => [row.sketch_id, Number(row.at_ms)]))
    },
  }
  return service
}

function listCondition(
  where: Expressions,
  principal: Principal,
  scope: SketchListScope,
  options: { text?: string; includeArchived?: boolean; includeDeleted?: boolean },
): Condition {
  const conditions: Condition[] = []
  if (scope === 'archived') conditions.push(where('status', '=', 'archived'))
  else if (!options.includeArchived) conditions.push(where('status', '!=', 'archived'))
  if (!(principal.isAdmin && options.includeDeleted)) conditions.push(where('status', '!=', 'deleted'))
  if (scope === 'user') conditions.push(where('owner_id', '=', principal.userId))
  else if (scope !== 'admin') conditions.push(where('id', 'in', readableBy(principal, 'sketch')))
  if (scope === 'shared') {
    conditions.push(where.or([where('owner_id', 'is', null), where('owner_id', '!=', principal.userId)]))
  }
  if (scope === 'search') {
    const text = options.text ?? ''
    conditions.push(where.or([holdsText('name', text), holdsText('description', text)]))
  }
  return where.and(conditions)
}

async function listRecent(context: ServiceContext, principal: Principal): ReturnType<SketchService['list']> {
  const rows = await context.db
    .selectFrom('sketches')
    .innerJoin('saved_searches', 'saved_searches.sketch_id', 'sketches.id')
    .selectAll('sketches')
    .where('saved_searches.owner_id', '=', principal.userId)
    .where('saved_searches.name', '=', '')
    .where('sketches.status', 'not in', ['deleted', 'archived'])
    .where('sketches.id', 'in', readableBy(principal, 'sketch'))
    .orderBy('saved_searches.updated_at_ms', 'desc')
    .limit(RECENT_COUNT)
    .execute()
  const sketches = await toSketches(context.db, rows)
  return {
    sketches,
    page: 1,
    perPage: RECENT_COUNT,
    totalItems: sketches.length,
    totalPages: sketches.length === 0 ? 0 : 1,
  }
}
