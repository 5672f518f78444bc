import { randomBytes, randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import { makePrincipal } from '../../auth/make-principal.ts'
import { ALL_SCOPES, type Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { IntakeFormatRow } from '../../db/workspace-schema.ts'
import {
  conflict,
  DomainError,
  forbidden,
  invalid,
  isDomainError,
  notFound,
} from '../../errors/domain-error.ts'
import { readableSketches, writableSketches } from '../access/readable-by.ts'
import { noteChange } from '../changes/note-change.ts'
import { requireName } from '../names.ts'
import { makeRowUid, toUuid } from '../row-uid.ts'
import type { ServiceContext } from '../service-context.ts'
import type { SketchService } from '../sketches/sketch-service.ts'
import type { Timeline, TimelineService } from '../timelines/timeline-service.ts'
import { type DescribedEvent, describeEvent, describeOrigin, type EventOrigin } from './describe-event.ts'
import { BUILT_IN_FORMATS, GENERATION_MODES } from './formats.ts'
import { IntakeQueue } from './intake-queue.ts'
import type {
  Entity,
  EntityChange,
  Intake,
  IntakeFormat,
  IntakeService,
  PushedBatch,
} from './intake-service.ts'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Events that may be stored. */
interface PreparedBatch {
  readonly principal: Principal
  readonly origin: EventOrigin
  readonly described: readonly DescribedEvent[]
}

/** Entities, intakes and formats, kept in the metadata database. */
export function createIntakeService(
  context: ServiceContext,
  { sketches, timelines }: { readonly sketches: SketchService; readonly timelines: TimelineService },
): IntakeService {
  const { db, access, audit, now } = context
  const queue = new IntakeQueue(context)

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
  const get = async (principal: Principal, uid: string): Promise<Intake> => {
    const [intake] = await findIntakes(db, { uid: uid.toLowerCase() }, principal)
    if (!intake) throw notFound('intake', uid.slice(0, 64))
    return intake
  }
  const requireOwnFormat = async (principal: Principal, uid: string): Promise<void> => {
    const row = await db
      .selectFrom('intake_formats')
      .selectAll()
      .where('uid', '=', uid.toLowerCase())
      .executeTakeFirst()
    if (!row) {
      if (BUILT_IN_FORMATS.some((format) => format.uid === uid.toLowerCase()))
        throw forbidden('built-in-format', `The format ${uid} comes with the program and stays as it is.`)
      throw notFound('format', uid.slice(0, 64))
    }
    if (row.user_id !== principal.userId && !principal.isAdmin)
      throw forbidden('not-own-format', `The format ${uid} is somebody else's.`)
  }
  const getFormat = async (uid: string): Promise<IntakeFormat> => {
    const format = await findFormat(db, uid)
    if (!format) throw notFound('format', uid.slice(0, 64))
    return format
  }

  /** The timeline that an intake's events go to; a new one where it has none, or that one is gone. */
  const findTimelineOf = async (principal: Principal, intake: Intake): Promise<Timeline> => {
    const there = intake.timelineId === undefined ? undefined : await timelines.find(intake.timelineId)
    if (there && there.sketchId === intake.sketchId && there.status !== 'deleted') return there
    // Two first events at once make one timeline.
    return await context.turns.take(`intake ${intake.uid}`, async () => {
      const timeline = await timelines.chooseForImport(principal, intake.sketchId, { name: intake.name })
      await db
        .updateTable('intakes')
        .set({ timeline_id: timeline.id })
        .where('uid', '=', intake.uid)
        .execute()
      return timeline
    })
  }

  /** The intake of a key, and in whose name it takes events. */
  const findOpen = async (
    key: string,
  ): Promise<{ readonly intake: Intake; readonly principal: Principal }> => {
    const [intake] = await findIntakes(db, { intake_key: key })
    if (!intake)
      throw new DomainError('unauthenticated', 'unknown-intake-key', 'There is no intake with this key.')
    const principal = await findOwner(db, intake.userId)
    try {
      if (!principal) throw forbidden('intake-closed', 'inactive')
      await access.requireOpenSketch(principal, intake.sketchId, 'write')
      return { intake, principal }
    } catch (error) {
      if (!isDomainError(error) || error.kind === 'conflict') throw error
      throw forbidden(
        'intake-closed',
        'This intake takes no events: whoever made it may not write to its sketch any more.',
      )
    }
  }

  /** Events as they are going to be stored; nothing is yet. */
  const prepare = async ({ key, events }: PushedBatch): Promise<PreparedBatch> => {
    const { intake, principal } = await findOpen(key)
    const origin = {
      intake,
      format: await findFormat(db, intake.formatUid),
      entity: await describeEntity(db, intake.sketchId),
      organisation: await findOrganisation(db),
      nowMs: now(),
    }
    return { principal, origin, described: events.map((event) => describeEvent(event, origin)) }
  }

  const noteStored = async (
    { principal, origin: { intake }, described }: PreparedBatch,
    timeline: Timeline,
  ): Promise<void> => {
    if (timeline.status === 'new' || timeline.status === 'fail')
      await timelines.setStatus(principal, intake.sketchId, timeline.id, 'ready')
    await audit.note(principal, {
      action: 'intake.push',
      subject: `intake/${intake.uid}`,
      sketchId: intake.sketchId,
      details: { events: described.length },
    })
    await noteChange(context, intake.sketchId, 'events', { timelineId: timeline.id })
    context.lookAtEvents(principal, intake.sketchId)
  }

  const pushAll: IntakeService['pushAll'] = async (given) => {
    const batches: (PreparedBatch & { readonly timeline: Timeline })[] = []
    for (const batch of given) {
      const prepared = await prepare(batch)
      const timeline = await findTimelineOf(prepared.principal, prepared.origin.intake)
      batches.push({ ...prepared, timeline })
    }
    const outcomes = await queue.add(
      batches.map(({ origin, described, timeline }) => ({
        place: {
          index: timeline.searchIndex.indexName,
          timelineId: timeline.id,
          constants: describeOrigin(origin),
        },
        events: described,
      })),
    )
    const isStored = outcomes.map(({ status }) => status === 'fulfilled')
    for (const [at, batch] of batches.entries()) if (isStored[at]) await noteStored(batch, batch.timeline)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed && !isStored.includes(true)) throw failed.reason
    if (failed) context.log.error({ err: failed.reason }, 'events of an intake could not be stored')
    return batches.map(({ described }, at) => (isStored[at] ? described.map(({ id }) => id) : undefined))
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

    list: (principal) => findIntakes(db, {}, principal),
    get,
    async create(principal, { name, sketchId, formatUid }) {
      requireName('intake', name)
      requireFormatId(formatUid)
      await access.requireOpenSketch(principal, sketchId, 'write')
      const uid = randomUUID()
      const atMs = now()
      await db
        .insertInto('intakes')
        .values({
          uid,
          name,
          intake_key: randomBytes(12).toString('base64url').replaceAll(/[-_]/g, '0'),
          sketch_id: sketchId,
          format_uid: formatUid.toLowerCase(),
          timeline_id: null,
          user_id: principal.userId,
          created_at_ms: atMs,
          updated_at_ms: atMs,
        })
        .execute()
      await audit.record(principal, {
        action: 'intake.create',
        subject: `intake/${uid}`,
        sketchId,
        details: { name },
      })
      return await get(principal, uid)
    },
    async update(principal, uid, { name, formatUid, sketchId }) {
      const intake = await get(principal, uid)
      await access.requireOpenSketch(principal, intake.sketchId, 'write')
      if (name !== undefined) requireName('intake', name)
      if (formatUid !== undefined) requireFormatId(formatUid)
      const moves = sketchId !== undefined && sketchId !== intake.sketchId
      if (moves) await access.requireOpenSketch(principal, sketchId, 'write')
      await db
        .updateTable('intakes')
        .set({
          ...(name === undefined ? {} : { name }),
          ...(formatUid === undefined ? {} : { format_uid: formatUid.toLowerCase() }),
          ...(moves ? { sketch_id: sketchId, timeline_id: null } : {}),
          updated_at_ms: now(),
        })
        .where('uid', '=', intake.uid)
        .execute()
      await audit.record(principal, {
        action: 'intake.update',
        subject: `intake/${intake.uid}`,
        sketchId: intake.sketchId,
        details: { name, formatUid, sketchId },
      })
      return await get(principal, uid)
    },
    async delete(principal, uid) {
      const intake = await get(principal, uid)
      await access.requireSketch(principal, intake.sketchId, 'write')
      await db.deleteFrom('intakes').where('uid', '=', intake.uid).execute()
      await audit.record(principal, {
        action: 'intake.delete',
        subject: `intake/${intake.uid}`,
        sketchId: intake.sketchId,
        details: { name: intake.name },
      })
    },

    async listFormats() {
      const rows = await db.selectFrom('intake_formats').selectAll().orderBy('name').execute()
      return [...BUILT_IN_FORMATS, ...rows.map(toFormat)]
    },
    getFormat: (_principal, uid) => getFormat(uid),
    async createFormat(principal, { name, slug, description, details }, uid = randomUUID()) {
      requireName('format', name)
      requireFormatId(uid)
      if (await findFormat(db, uid)) throw conflict('format-exists', `There is a format ${uid} already.`)
      const atMs = now()
      await db
        .insertInto('intake_formats')
        .values({
          uid: uid.toLowerCase(),
          name,
          slug,
          description,
          details_json: JSON.stringify(details),
          user_id: principal.userId,
          created_at_ms: atMs,
          updated_at_ms: atMs,
        })
        .execute()
      await audit.record(principal, { action: 'format.create', subject: `format/${uid}`, details: { name } })
      return await getFormat(uid)
    },
    async updateFormat(principal, uid, { name, slug, description, details }) {
      requireName('format', name)
      await requireOwnFormat(principal, uid)
      await db
        .updateTable('intake_formats')
        .set({ name, slug, description, details_json: JSON.stringify(details), updated_at_ms: now() })
        .where('uid', '=', uid.toLowerCase())
        .execute()
      await audit.record(principal, { action: 'format.update', subject: `format/${uid}`, details: { name } })
      return await getFormat(uid)
    },

    async requireOpen(key) {
      await findOpen(key)
    },
    async push(key, events) {
      const [ids] = events.length === 0 ? [[]] : await pushAll([{ key, events }])
      // A single batch is stored, or that it is not is thrown.
      return ids!
    },
    pushAll,
  }
}

function requireFormatId(uid: string): void {
  if (UUID.test(uid)) return
  throw invalid(
    'bad-format-id',
    `The UUID of a format was expected, found ${JSON.stringify(uid.slice(0, 64))}.`,
  )
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
  }))
}

/** @param principal - Only those of sketches that they may read, with the keys of those that they may write to. @default all */
async function findIntakes(
  db: Kysely<Schema>,
  wanted: { readonly uid?: string; readonly intake_key?: string },
  principal?: Principal,
): Promise<readonly Intake[]> {
  let query = db
    .selectFrom('intakes')
    .innerJoin('sketches', 'sketches.id', 'intakes.sketch_id')
    .selectAll('intakes')
    .select('sketches.name as sketch_name')
    .where('sketches.status', '!=', 'deleted')
    .orderBy('intakes.created_at_ms')
    .orderBy('intakes.uid')
  if (wanted.uid !== undefined) query = query.where('intakes.uid', '=', wanted.uid)
  if (wanted.intake_key !== undefined) query = query.where('intakes.intake_key', '=', wanted.intake_key)
  if (principal) query = query.where('intakes.sketch_id', 'in', readableSketches(principal))
  const maySee = principal && (await findWritable(db, principal))
  return (await query.execute()).map((row) => ({
    uid: row.uid,
    name: row.name,
    key: !maySee || maySee.has(row.sketch_id) ? row.intake_key : '',
    sketchId: row.sketch_id,
    sketchName: row.sketch_name,
    formatUid: row.format_uid,
    timelineId: row.timeline_id ?? undefined,
    userId: row.user_id,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** Sketches with intakes that somebody may write to by the way that they came in. */
async function findWritable(db: Kysely<Schema>, principal: Principal): Promise<ReadonlySet<number>> {
  if (!principal.scopes.has('write')) return new Set()
  const rows = await db
    .selectFrom('intakes')
    .select('sketch_id')
    .distinct()
    .where('sketch_id', 'in', writableSketches(principal))
    .execute()
  return new Set(rows.map(({ sketch_id }) => sketch_id))
}

async function findFormat(db: Kysely<Schema>, uid: string): Promise<IntakeFormat | undefined> {
  const builtIn = BUILT_IN_FORMATS.find((format) => format.uid === uid.toLowerCase())
  if (builtIn) return builtIn
  const row = await db
    .selectFrom('intake_formats')
    .selectAll()
    .where('uid', '=', uid.toLowerCase())
    .executeTakeFirst()
  return row && toFormat(row)
}

function toFormat(row: Selectable<IntakeFormatRow>): IntakeFormat {
  return {
    uid: row.uid,
    name: row.name,
    slug: row.slug,
    description: row.description,
    details: JSON.parse(row.details_json) as Record<string, unknown>,
    isBuiltIn: false,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}

async function describeEntity(
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

async function findOrganisation(
  db: Kysely<Schema>,
): Promise<{ readonly uid: string; readonly name: string }> {
  return await db
    .selectFrom('organisations')
    .select(['uid', 'name'])
    .where('is_default', '=', 1)
    .orderBy('id')
    .executeTakeFirstOrThrow()
}

/** Whoever made an intake, in whose name its events come; undefined when the account is not active any more. */
async function findOwner(db: Kysely<Schema>, userId: number): Promise<Principal | undefined> {
  const user = await db
    .selectFrom('users')
    .select(['id', 'username'])
    .where('id', '=', userId)
    .where('is_active', '=', 1)
    .executeTakeFirst()
  return (
    user && makePrincipal({ ...user, is_admin: 0 }, { via: 'local', scopes: ALL_SCOPES, address: 'intake' })
  )
}
