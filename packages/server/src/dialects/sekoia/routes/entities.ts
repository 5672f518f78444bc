import {
  type SekoiaEntity,
  sekoiaEntityDraftSchema,
  sekoiaEntitySchema,
  sekoiaGenerationModeSchema,
  sekoiaPageSchema,
} from '@timeskein/model/sekoia'
import type { z } from 'zod'
import type { UserCall } from '../../../http/app-types.ts'
import { GENERATION_MODES } from '../../../services/intakes/formats.ts'
import type { Entity, EntityChange } from '../../../services/intakes/intake-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { pageItems, readMembers } from '../request/narrow-list.ts'
import { requireRowId, writeRowId } from '../request/wire-ids.ts'
import { sekoiaRoute } from '../sekoia-route.ts'

const ENTITIES = '/v1/sic/conf/entities'
const ENTITY_RULES: ListRules = {
  match: ['uuid', 'name', 'entity_id', 'community_uuid'],
  sort: ['name', 'entity_id'],
  defaultLimit: 100,
  maxLimit: 1000,
}
const ENTITY_READERS = readMembers<SekoiaEntity>(['uuid', 'name', 'entity_id', 'community_uuid'])
const READ_ENTITIES = ['SIC_READ_ENTITIES']

/** Entities. */
export const entityRoutes: readonly PlatformRoute[] = [
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
    handle: async (call, { params }) =>
      await showEntity(call, await call.services.intakes.getEntity(call.principal, sketchIdOf(params))),
  }),
  sekoiaRoute({
    method: 'PUT',
    path: `${ENTITIES}/:entityId`,
    summary: 'Sets an entity.',
    permission: 'user',
    permissions: ['SIC_WRITE_ENTITIES'],
    body: sekoiaEntityDraftSchema,
    answers: { 200: sekoiaEntitySchema },
    handle: async (call, { params, body }) =>
      await showEntity(
        call,
        await call.services.intakes.updateEntity(call.principal, sketchIdOf(params), toEntityChange(body)),
      ),
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${ENTITIES}/:entityId`,
    summary: 'Deletes an entity: its sketch is marked as deleted.',
    permission: 'user',
    permissions: ['SIC_DELETE_ENTITIES', 'SIC_WRITE_ENTITIES'],
    answers: { 204: null },
    handle: async ({ services, principal }, { params }) =>
      await services.intakes.deleteEntity(principal, sketchIdOf(params)),
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
]

function sketchIdOf({ entityId }: { readonly entityId: string }): number {
  return requireRowId('sketch', 'entity', entityId)
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
