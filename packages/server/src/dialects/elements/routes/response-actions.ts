import {
  type ElementsResponseAction,
  elementsResponseActionSchema,
  elementsResponseDraftSchema,
  elementsResponseTaskSchema,
  RESPONSE_RESULTS,
  RESPONSE_STATES,
} from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid, notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type {
  DeviceOperation,
  OperationBatch,
  OperationFilter,
  OperationStatus,
} from '../../../services/device-operations/device-operation-service.ts'
import { toUuid } from '../../../services/row-uid.ts'
import { type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { listRoute } from '../lists/list-route.ts'
import { listParameter, orderParameter, textParameter, toTimestamp } from '../lists/parameters.ts'
import { readNumberPlace } from '../lists/slice-list.ts'
import { WRITE_SCOPE } from '../scopes.ts'
import { readDevicesOf } from '../shapes/read-devices-of.ts'

const MAX_LIMIT = 100
const NAME = /^[A-Za-z][A-Za-z0-9]{1,63}$/

const STATES: Readonly<Record<OperationStatus, ElementsResponseAction['state']>> = {
  pending: 'created',
  ongoing: 'running',
  finished: 'finished',
  failed: 'finished',
}
const idSchema = z.object({ id: z.string() })

/** Acts of responders on devices. */
export const responseActionRoutes: readonly PlatformRoute[] = [
  platformRoute({
    method: 'POST',
    path: '/response-actions/v1/response-actions',
    summary: 'Have a response action carried out on up to ten devices (older spelling).',
    permission: 'user',
    permissions: [WRITE_SCOPE],
    body: elementsResponseDraftSchema.extend({ type: z.string() }),
    answers: { 201: idSchema },
    handle: async (call, { body }, c) => c.json(await start(call, body.type, body), 201),
  }),
  platformRoute({
    method: 'POST',
    path: '/response-actions/v1/execute/:action',
    summary: 'Have a response action carried out on up to ten devices.',
    permission: 'user',
    permissions: [WRITE_SCOPE],
    body: elementsResponseDraftSchema,
    answers: { 201: idSchema },
    handle: async (call, { params, body }, c) => c.json(await start(call, params.action, body), 201),
  }),
  listRoute({
    method: 'GET',
    path: '/response-actions/v1/responses',
    summary: 'Response actions, newest first.',
    values: z.object({
      organizationId: textParameter,
      order: orderParameter,
      type: textParameter,
      actionId: textParameter,
      // A known client spells one of them with two l.
      state: listParameter([...RESPONSE_STATES, 'cancelling']),
      result: listParameter(RESPONSE_RESULTS),
      deviceId: textParameter,
      author: textParameter,
      comment: textParameter,
    }),
    item: elementsResponseActionSchema,
    maxLimit: MAX_LIMIT,
    find: async (call, values, { limit, after }) => {
      const { type, actionId, state, result, deviceId, author, comment } = values
      if (values.organizationId === undefined || values.organizationId === null)
        throw invalid('missing-organization', 'organizationId is missing.')
      const filter: OperationFilter = {
        kind: 'response',
        devices: await readDevicesOf(call, values.organizationId),
        statuses: readStatuses(state, result),
        ...(type ? { name: type } : {}),
        ...(actionId ? { batchUid: actionId } : {}),
        ...(deviceId ? { deviceId } : {}),
        ...(author ? { username: author } : {}),
        ...(comment ? { comment } : {}),
      }
      const organizationId = values.organizationId
      const { items, next } = await call.services.deviceOperations.readBatches(call.principal, filter, {
        limit,
        order: values.order ?? 'desc',
        ...(after === undefined ? {} : { after: readNumberPlace(after)! }),
      })
      return {
        items: items.map((batch) => toAction(batch, organizationId)),
        next: next === undefined ? undefined : String(next),
      }
    },
  }),
  listRoute({
    method: 'GET',
    path: '/response-actions/v1/responses/tasks',
    summary: 'What became of a response action on each of its devices.',
    values: z.object({ organizationId: textParameter, actionId: textParameter }),
    item: elementsResponseTaskSchema,
    maxLimit: MAX_LIMIT,
    defaultLimit: 10,
    find: async (call, { actionId }, { limit, after }) => {
      if (actionId === undefined || actionId === null) throw invalid('missing-action', 'actionId is missing.')
      const { items, next } = await call.services.deviceOperations.readPage(
        call.principal,
        { kind: 'response', batchUid: actionId },
        { limit, order: 'asc', ...(after === undefined ? {} : { after: readNumberPlace(after)! }) },
      )
      return { items: items.map(toTask), next: next === undefined ? undefined : String(next) }
    },
  }),
]

async function start(
  call: UserCall,
  name: string,
  { targets, parameters, comment }: z.output<typeof elementsResponseDraftSchema>,
): Promise<z.infer<typeof idSchema>> {
  if (!NAME.test(name))
    throw invalid(
      'unknown-action',
      `The name of a response action was expected, such as killProcess; found ${JSON.stringify(name.slice(0, 64))}.`,
    )
  // Nothing is begun where a device is missing: one id stands for all of them.
  for (const target of targets) await call.services.devices.get(call.principal, target)
  const { batchUid, started } = await call.services.deviceOperations.start(call.principal, {
    kind: 'response',
    name,
    targets,
    ...(parameters ? { parameters } : {}),
    ...(comment ? { comment } : {}),
  })
  const refused = started.find(({ operation }) => !operation)
  if (refused && started.every(({ operation }) => !operation))
    throw notFound('device', refused.target.slice(0, 64))
  return { id: batchUid }
}

/** Our statuses that states and results stand for; none where there is none such. */
function readStatuses(
  states: readonly string[] | null | undefined,
  results: readonly string[] | null | undefined,
): readonly OperationStatus[] {
  return (Object.keys(STATES) as OperationStatus[]).filter((status) => {
    const result = resultOf(status)
    return (
      (!states || states.includes(STATES[status])) &&
      (!results || (result !== undefined && results.includes(result)))
    )
  })
}

function resultOf(status: OperationStatus): ElementsResponseAction['result'] {
  if (status === 'failed') return 'failed'
  return status === 'finished' ? 'succeeded' : undefined
}

/** An action is as far as the last of its devices, and has failed where one has. */
function toAction({ uid, operations }: OperationBatch, organizationId: string): ElementsResponseAction {
  const [first] = operations
  const statuses = operations.map(({ status }) => status)
  const status =
    (['pending', 'ongoing', 'failed'] as const).find((one) => statuses.includes(one)) ?? 'finished'
  const result = resultOf(status)
  return {
    id: uid,
    type: first?.name ?? '',
    state: STATES[status],
    ...(result === undefined ? {} : { result }),
    author: first?.username ?? '',
    ...(first?.comment ? { comment: first.comment } : {}),
    organizationId,
    createdTimestamp: toTimestamp(first?.createdAtMs ?? 0),
  }
}

function toTask(operation: DeviceOperation): z.infer<typeof elementsResponseTaskSchema> {
  const result = resultOf(operation.status)
  return {
    id: operation.uid,
    actionId: operation.batchUid,
    deviceId: operation.devicePlatformIds[0] ?? toUuid(operation.deviceUid),
    state: STATES[operation.status],
    ...(result === undefined ? {} : { result }),
  }
}
