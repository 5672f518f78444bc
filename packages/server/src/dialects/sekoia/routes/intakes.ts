import {
  type SekoiaIntake,
  sekoiaIntakeChangeSchema,
  sekoiaIntakeDraftSchema,
  sekoiaIntakeSchema,
  sekoiaPageSchema,
} from '@timeskein/model/sekoia'
import type { UserCall } from '../../../http/app-types.ts'
import type { Intake } from '../../../services/intakes/intake-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { type FieldReaders, pageItems, readMembers } from '../request/narrow-list.ts'
import { requireRowId, writeRowId } from '../request/wire-ids.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { tellAuthor, writeTime } from '../shapes/authorship.ts'

const INTAKES = '/v1/sic/conf/intakes'
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
const READ_INTAKES = ['SIC_READ_INTAKES']
const WRITE_INTAKES = ['SIC_WRITE_INTAKES']

/** Intakes. */
export const intakeRoutes: readonly PlatformRoute[] = [
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
    handle: async (call, { params }) =>
      await showIntake(call, await call.services.intakes.get(call.principal, params.intakeId)),
  }),
  sekoiaRoute({
    method: 'PATCH',
    path: `${INTAKES}/:intakeId`,
    summary: 'Changes an intake.',
    permission: 'user',
    permissions: WRITE_INTAKES,
    body: sekoiaIntakeChangeSchema,
    answers: { 200: sekoiaIntakeSchema },
    handle: async (call, { params, body }) => {
      const { name, entity_uuid, format_uuid } = body
      return await showIntake(
        call,
        await call.services.intakes.update(call.principal, params.intakeId, {
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
    handle: async ({ services, principal }, { params }) =>
      await services.intakes.delete(principal, params.intakeId),
  }),
]

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
