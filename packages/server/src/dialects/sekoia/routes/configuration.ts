import {
  type SekoiaEntity,
  type SekoiaFormat,
  type SekoiaIntake,
  sekoiaEntityDraftSchema,
  sekoiaEntitySchema,
  sekoiaFormatDraftSchema,
  sekoiaFormatSchema,
  sekoiaGenerationModeSchema,
  sekoiaIntakeChangeSchema,
  sekoiaIntakeDraftSchema,
  sekoiaIntakeSchema,
  sekoiaPageSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import type { AppContext, UserCall } from '../../../http/app-types.ts'
import { GENERATION_MODES } from '../../../services/intakes/formats.ts'
import type {
  Entity,
  EntityChange,
  Intake,
  IntakeFormat,
  IntakeFormatDraft,
} from '../../../services/intakes/intake-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { type FieldReaders, pageItems, readMembers } from '../request/narrow-list.ts'
import { requireRowId, writeRowId } from '../request/wire-ids.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { tellAuthor, writeTime } from '../shapes/authorship.ts'

const ENTITIES = '/v1/sic/conf/entities'
const INTAKES = '/v1/sic/conf/intakes'
const FORMATS = '/v1/ingest/formats'

const ENTITY_RULES: ListRules = {
  match: ['uuid', 'name', 'entity_id', 'community_uuid'],
  sort: ['name', 'entity_id'],
  defaultLimit: 100,
  maxLimit: 1000,
}
const ENTITY_READERS = readMembers<SekoiaEntity>(['uuid', 'name', 'entity_id', 'community_uuid'])
const INTAKE_RULES: ListRules = {
  match: ['uuid', 'name', 'format_uuid', 'entity_uuid', 'community_uuid', 'intake_key'],
  date: ['created_at', 'updated_at'],
  sort: ['name', 'created_at', 'updated_at'],
  defaultLimit: 100,
  maxLimit: 1000,
}
const INTAKE_READERS: FieldReaders<SekoiaIntake> = {
  ...readMembers<SekoiaIntake>([
    'uuid',
    'name',
    'format_uuid',
    'community_uuid',
    'intake_key',
    'created_at',
    'updated_at',
  ]),
  entity_uuid: (intake) => intake.entity.uuid,
}
const FORMAT_RULES: ListRules = { match: ['uuid', 'name', 'slug'], defaultLimit: 100, maxLimit: 1000 }
const FORMAT_READERS = readMembers<SekoiaFormat>(['uuid', 'name', 'slug'])
const READ_ENTITIES = ['SIC_READ_ENTITIES']
const READ_INTAKES = ['SIC_READ_INTAKES']
const WRITE_INTAKES = ['SIC_WRITE_INTAKES']

/** Entities, intakes and formats. */
export const configurationRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'GET',
    path: ENTITIES,
    summary: 'Entities: sketches, as parts of an organisation whose events are told apart.',
    permission: 'user',
    permissions: READ_ENTITIES,
    query: listSchema(ENTITY_RULES),
    answers: { 200: sekoiaPageSchema(sekoiaEntitySchema) },
    handle: async ({ services, principal }, { query }) => {
      const { uid } = await findCommunity(services, principal)
      const entities = (await services.intakes.listEntities(principal)).map((one) => toEntity(one, uid))
      return pageItems(entities, readListRequest(query, ENTITY_RULES, Date.now()), ENTITY_READERS)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: ENTITIES,
    summary: 'Makes an entity: a sketch of the caller’s.',
    permission: 'user',
    permissions: ['SIC_WRITE_ENTITIES'],
    body: sekoiaEntityDraftSchema,
    answers: { 200: sekoiaEntitySchema },
    handle: async (call, { body }) =>
      await showEntity(
        call,
        await call.services.intakes.createEntity(call.principal, {
          ...toEntityChange(body),
          name: body.name,
        }),
      ),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${ENTITIES}/:entityId`,
    summary: 'An entity.',
    permission: 'user',
    permissions: READ_ENTITIES,
    answers: { 200: sekoiaEntitySchema },
    handle: async (call, _input, c) =>
      await showEntity(call, await call.services.intakes.getEntity(call.principal, sketchId(c))),
  }),
  sekoiaRoute({
    method: 'PUT',
    path: `${ENTITIES}/:entityId`,
    summary: 'Sets an entity.',
    permission: 'user',
    permissions: ['SIC_WRITE_ENTITIES'],
    body: sekoiaEntityDraftSchema,
    answers: { 200: sekoiaEntitySchema },
    handle: async (call, { body }, c) =>
      await showEntity(
        call,
        await call.services.intakes.updateEntity(call.principal, sketchId(c), toEntityChange(body)),
      ),
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${ENTITIES}/:entityId`,
    summary: 'Deletes an entity: its sketch is marked as deleted.',
    permission: 'user',
    permissions: ['SIC_DELETE_ENTITIES', 'SIC_WRITE_ENTITIES'],
    answers: { 204: null },
    handle: async ({ services, principal }, _input, c) =>
      await services.intakes.deleteEntity(principal, sketchId(c)),
  }),
  sekoiaRoute({
    method: 'GET',
    path: '/v1/sic/conf/generation-modes',
    summary: 'When alerts are made of what rules find.',
    permission: 'user',
    permissions: ['SIC_READ_GENERATION_MODES', ...READ_ENTITIES],
    answers: { 200: sekoiaPageSchema(sekoiaGenerationModeSchema) },
    handle: async () => ({
      items: GENERATION_MODES.map(({ uid, name, description }) => ({ uuid: uid, name, description })),
      total: GENERATION_MODES.length,
    }),
  }),
  sekoiaRoute({
    method: 'GET',
    path: INTAKES,
    summary: 'Intakes.',
    permission: 'user',
    permissions: READ_INTAKES,
    query: listSchema(INTAKE_RULES),
    answers: { 200: sekoiaPageSchema(sekoiaIntakeSchema) },
    handle: async (call, { query }) => {
      const { services, principal } = call
      const { uid } = await findCommunity(services, principal)
      const custom = await listCustomFormats(call)
      const intakes = (await services.intakes.list(principal)).map((one) => toIntake(one, uid, custom))
      return pageItems(intakes, readListRequest(query, INTAKE_RULES, Date.now()), INTAKE_READERS)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: INTAKES,
    summary: 'Makes an intake; its intake_key is what events are sent with.',
    permission: 'user',
    permissions: WRITE_INTAKES,
    body: sekoiaIntakeDraftSchema,
    answers: { 200: sekoiaIntakeSchema },
    handle: async (call, { body }) =>
      await showIntake(
        call,
        await call.services.intakes.create(call.principal, {
          name: body.name,
          sketchId: requireRowId('sketch', 'entity', body.entity_uuid),
          formatUid: body.format_uuid,
        }),
      ),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${INTAKES}/:intakeId`,
    summary: 'An intake.',
    permission: 'user',
    permissions: READ_INTAKES,
    answers: { 200: sekoiaIntakeSchema },
    handle: async (call, _input, c) =>
      await showIntake(call, await call.services.intakes.get(call.principal, intakeId(c))),
  }),
  sekoiaRoute({
    method: 'PATCH',
    path: `${INTAKES}/:intakeId`,
    summary: 'Changes an intake.',
    permission: 'user',
    permissions: WRITE_INTAKES,
    body: sekoiaIntakeChangeSchema,
    answers: { 200: sekoiaIntakeSchema },
    handle: async (call, { body }, c) => {
      const { name, entity_uuid, format_uuid } = body
      return await showIntake(
        call,
        await call.services.intakes.update(call.principal, intakeId(c), {
          ...(name === undefined ? {} : { name }),
          ...(format_uuid === undefined ? {} : { formatUid: format_uuid }),
          ...(entity_uuid === undefined ? {} : { sketchId: requireRowId('sketch', 'entity', entity_uuid) }),
        }),
      )
    },
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${INTAKES}/:intakeId`,
    summary: 'Closes an intake; the events that came stay.',
    permission: 'user',
    permissions: WRITE_INTAKES,
    answers: { 204: null },
    handle: async ({ services, principal }, _input, c) =>
      await services.intakes.delete(principal, intakeId(c)),
  }),
  sekoiaRoute({
    method: 'GET',
    path: FORMATS,
    summary: 'Formats that intakes can have.',
    permission: 'user',
    permissions: READ_INTAKES,
    query: listSchema(FORMAT_RULES, { sizePage: z.string().optional(), indexPage: z.string().optional() }),
    answers: { 200: sekoiaPageSchema(sekoiaFormatSchema) },
    handle: async (call, { query }) => {
      const { services, principal } = call
      const { uid } = await findCommunity(services, principal)
      const formats = (await services.intakes.listFormats(principal)).map((one) => toFormat(one, uid))
      const request = readListRequest(toUsualPages(query), FORMAT_RULES, Date.now())
      return pageItems(formats, request, FORMAT_READERS)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: FORMATS,
    summary: 'Describes a format.',
    permission: 'user',
    permissions: WRITE_INTAKES,
    body: sekoiaFormatDraftSchema,
    answers: { 200: sekoiaFormatSchema },
    handle: async (call, { body }) => {
      const made = await call.services.intakes.createFormat(
        call.principal,
        toFormatDraft(body),
        body.format_uuid,
      )
      return await showFormat(call, made)
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${FORMATS}/:formatId`,
    summary: 'A format.',
    permission: 'user',
    permissions: READ_INTAKES,
    answers: { 200: sekoiaFormatSchema },
    handle: async (call, _input, c) =>
      await showFormat(
        call,
        await call.services.intakes.getFormat(call.principal, c.req.param('formatId') ?? ''),
      ),
  }),
  sekoiaRoute({
    method: 'PUT',
    path: `${FORMATS}/:formatId`,
    summary: 'Sets a format of one’s own.',
    permission: 'user',
    permissions: WRITE_INTAKES,
    body: sekoiaFormatDraftSchema,
    answers: { 200: sekoiaFormatSchema },
    handle: async (call, { body }, c) =>
      await showFormat(
        call,
        await call.services.intakes.updateFormat(
          call.principal,
          c.req.param('formatId') ?? '',
          toFormatDraft(body),
        ),
      ),
  }),
]

function sketchId(c: AppContext): number {
  return requireRowId('sketch', 'entity', c.req.param('entityId') ?? '')
}

function intakeId(c: AppContext): string {
  return c.req.param('intakeId') ?? ''
}

async function showEntity({ services, principal }: UserCall, entity: Entity): Promise<SekoiaEntity> {
  return toEntity(entity, (await findCommunity(services, principal)).uid)
}

function toEntity(entity: Entity, community: string): SekoiaEntity {
  return {
    uuid: writeRowId('sketch', entity.sketchId),
    name: entity.name,
    entity_id: entity.entityId,
    community_uuid: community,
    description: entity.description,
    alerts_generation: entity.generationMode,
    number_of_intakes: entity.intakeCount,
  }
}

function toEntityChange(body: z.output<typeof sekoiaEntityDraftSchema>): EntityChange {
  return {
    name: body.name,
    ...(typeof body.description === 'string' ? { description: body.description } : {}),
    ...(typeof body.entity_id === 'string' ? { entityId: body.entity_id } : {}),
    ...(body.alerts_generation ? { generationMode: body.alerts_generation } : {}),
  }
}

async function listCustomFormats({ services, principal }: UserCall): Promise<ReadonlySet<string>> {
  const formats = await services.intakes.listFormats(principal)
  return new Set(formats.filter(({ isBuiltIn }) => !isBuiltIn).map(({ uid }) => uid))
}

async function showIntake(call: UserCall, intake: Intake): Promise<SekoiaIntake> {
  const { uid } = await findCommunity(call.services, call.principal)
  return toIntake(intake, uid, await listCustomFormats(call))
}

function toIntake(intake: Intake, community: string, custom: ReadonlySet<string>): SekoiaIntake {
  const { by, type } = tellAuthor(intake.userId)
  return {
    uuid: intake.uid,
    name: intake.name,
    community_uuid: community,
    format_uuid: intake.formatUid,
    intake_key: intake.key,
    status: intake.timelineId === undefined ? 'waiting' : 'running',
    entity: { uuid: writeRowId('sketch', intake.sketchId), name: intake.sketchName },
    is_custom_format: custom.has(intake.formatUid),
    connector_configuration_uuid: null,
    created_at: writeTime(intake.createdAtMs),
    created_by: by,
    created_by_type: type,
    updated_at: writeTime(intake.updatedAtMs),
    updated_by: by,
    updated_by_type: type,
  }
}

async function showFormat({ services, principal }: UserCall, format: IntakeFormat): Promise<SekoiaFormat> {
  return toFormat(format, (await findCommunity(services, principal)).uid)
}

function toFormat(format: IntakeFormat, community: string): SekoiaFormat {
  const kept = format.details as Partial<SekoiaFormat>
  return {
    uuid: format.uid,
    name: format.name,
    community_uuid: format.isBuiltIn ? null : community,
    slug: format.slug,
    description: format.description,
    datasources: kept.datasources ?? [],
    automation_module_uuid: kept.automation_module_uuid ?? null,
    automation_connector_uuid: kept.automation_connector_uuid ?? null,
    created_at: writeTime(format.createdAtMs),
    updated_at: writeTime(format.updatedAtMs),
  }
}

function toFormatDraft(body: z.output<typeof sekoiaFormatDraftSchema>): IntakeFormatDraft {
  const { name, slug, description, format_uuid: _, ...details } = body
  return {
    name,
    slug: slug ?? name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    description: description ?? '',
    details,
  }
}

/** This list alone pages by `sizePage` and `indexPage`, from 0. */
function toUsualPages(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { sizePage, indexPage, ...rest } = query
  return {
    ...rest,
    ...(sizePage === undefined ? {} : { limit: sizePage }),
    ...(indexPage === undefined ? {} : { page: String(Number(indexPage) + 1) }),
  }
}
