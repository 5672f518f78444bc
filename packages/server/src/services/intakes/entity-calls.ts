import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { invalid, notFound } from '../../errors/domain-error.ts'
import { readableSketches } from '../access/readable-by.ts'
import { makeRowUid, toUuid } from '../row-uid.ts'
import type { ServiceContext } from '../service-context.ts'
import type { SketchService } from '../sketches/sketch-service.ts'
import { GENERATION_MODES } from './formats.ts'
import type { Entity, EntityChange, IntakeService } from './intake-service.ts'

/** Sketches as parts of an organisation. */
export function createEntityCalls(
  { db, access }: Pick<ServiceContext, 'db' | 'access'>,
  sketches: SketchService,
): Pick<IntakeService, 'listEntities' | 'getEntity' | 'createEntity' | 'updateEntity' | 'deleteEntity'> {
  const getEntity = async (principal: Principal, sketchId: number): Promise<Entity> => {
    await access.requireSketch(principal, sketchId, 'read')
    const [entity] = await findEntities(db, principal, sketchId)
    if (!entity) throw notFound('entity', sketchId)
    return entity
  }
  const setEntity = async (sketchId: number, { entityId, generationMode }: EntityChange): Promise<void> => {
    if (entityId === undefined && generationMode === undefined) return
    if (generationMode !== undefined && !GENERATION_MODES.some(({ uid }) => uid === generationMode))
      throw invalid(
        'bad-generation-mode',
        `The id of a generation mode was expected (${GENERATION_MODES.map(({ uid }) => uid).join(', ')}), found ${JSON.stringify(generationMode.slice(0, 64))}.`,
      )
    const before = await db
      .selectFrom('entities')
      .selectAll()
      .where('sketch_id', '=', sketchId)
      .executeTakeFirst()
    const row = {
      entity_id: entityId ?? before?.entity_id ?? String(sketchId),
      generation_mode: generationMode ?? before?.generation_mode ?? GENERATION_MODES[0]!.uid,
    }
    await db
      .insertInto('entities')
      .values({ sketch_id: sketchId, ...row })
      .onConflict((already) => already.column('sketch_id').doUpdateSet(row))
      .execute()
  }

  return {
    listEntities: (principal) => findEntities(db, principal),
    getEntity,
    async createEntity(principal, { name, description, ...more }) {
      const { id } = await sketches.create(principal, {
        name,
        ...(description === undefined ? {} : { description }),
      })
      await setEntity(id, more)
      return await getEntity(principal, id)
    },
    async updateEntity(principal, sketchId, { name, description, ...more }) {
      await access.requireSketch(principal, sketchId, 'write')
      await setEntity(sketchId, more)
      if (name !== undefined || description !== undefined)
        await sketches.update(principal, sketchId, {
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
        })
      return await getEntity(principal, sketchId)
    },
    deleteEntity: (principal, sketchId) => sketches.delete(principal, sketchId),
  }
}

async function findEntities(
  db: Kysely<Schema>,
  principal: Principal,
  sketchId?: number,
): Promise<readonly Entity[]> {
  let query = db
    .selectFrom('sketches')
    .leftJoin('entities', 'entities.sketch_id', 'sketches.id')
    .select(({ selectFrom }) => [
      'sketches.id',
      'sketches.name',
      'sketches.description',
      'sketches.created_at_ms',
      'sketches.updated_at_ms',
      'entities.entity_id',
      'entities.generation_mode',
      selectFrom('intakes')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('intakes.sketch_id', '=', 'sketches.id')
        .as('intake_count'),
    ])
    .where('sketches.id', 'in', readableSketches(principal))
    .where('sketches.status', '!=', 'archived')
    .orderBy('sketches.id')
  if (sketchId !== undefined) query = query.where('sketches.id', '=', sketchId)
  return (await query.execute()).map((row) => ({
    sketchId: row.id,
    name: row.name,
    description: row.description,
    entityId: row.entity_id ?? String(row.id),
    generationMode: row.generation_mode ?? GENERATION_MODES[0]!.uid,
    intakeCount: row.intake_count ?? 0,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** What events are told to be of. */
export async function describeEntity(
  db: Kysely<Schema>,
  sketchId: number,
): Promise<{ readonly uid: string; readonly entityId: string }> {
  const row = await db
    .selectFrom('entities')
    .select('entity_id')
    .where('sketch_id', '=', sketchId)
    .executeTakeFirst()
  return { uid: toUuid(makeRowUid('sketch', sketchId)), entityId: row?.entity_id ?? String(sketchId) }
}
