import {
  ELEMENTS_OPERATIONS,
  type ElementsOperationName,
  elementsOperationSchema,
  elementsStartedOperationSchema,
} from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid, notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { check } from '../../../http/check-input.ts'
import { type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { textParameter, toTimestamp } from '../lists/parameters.ts'
import { withoutNulls } from '../lists/without-nulls.ts'
import { READ_SCOPE, WRITE_SCOPE } from '../scopes.ts'
import { transactionIdOf } from '../transaction-id.ts'
import { findProfile } from './profiles.ts'

const PATH = '/devices/v1/operations'
/** Operations of one device that are told. */
const MAX_TOLD = 1000
const NAMES = Object.keys(ELEMENTS_OPERATIONS)

const orderSchema = z.object({
  operation: z.string(),
  targets: z.array(z.string()).min(1).max(5),
  parameters: z.record(z.string(), z.unknown()).optional(),
  comment: z.string().max(1000).optional(),
})

/** What devices are told to do. */
export const operationRoutes: readonly PlatformRoute[] = [
  platformRoute({
    method: 'POST',
    path: PATH,
    summary: 'Tell up to five devices to do something.',
    permission: 'user',
    permissions: [WRITE_SCOPE],
    body: withoutNulls(orderSchema),
    answers: {
      207: z.object({ multistatus: z.array(elementsStartedOperationSchema), transactionId: z.string() }),
    },
    handle: async (call, { body }, c) => {
      const { operation: name, targets, comment } = body
      if (!isOperation(name))
        throw invalid(
          'unknown-operation',
          `operation: one of ${NAMES.join(', ')} expected; found ${JSON.stringify(name.slice(0, 64))}.`,
        )
      const parameters = check(
        withoutNulls(ELEMENTS_OPERATIONS[name] as z.ZodType),
        body.parameters ?? {},
        `parameters of ${name}`,
      ) as Readonly<Record<string, unknown>>
      const { started } = await call.services.deviceOperations.start(call.principal, {
        kind: 'operation',
        name,
        targets,
        parameters: name === 'assignProfile' ? await nameProfile(call, parameters) : parameters,
        ...(comment === undefined ? {} : { comment }),
      })
      const multistatus = started.map(({ target, operation, refusal }) =>
        operation
          ? { target, status: 202, operationId: operation.uid }
          : refusal === 'forbidden'
            ? { target, status: 403, details: 'Device may not be changed' }
            : { target, status: 404, details: 'Device not found' },
      )
      return c.json({ multistatus, transactionId: transactionIdOf(c) }, 207)
    },
  }),
  platformRoute({
    method: 'GET',
    path: PATH,
    summary: 'The operations of a device, newest first.',
    permission: 'user',
    permissions: [READ_SCOPE],
    query: z.object({ deviceId: textParameter }),
    answers: { 200: z.object({ items: z.array(elementsOperationSchema) }) },
    handle: async (call, { query }) => {
      const { deviceId } = query
      if (deviceId === undefined || deviceId === null) throw invalid('missing-device', 'deviceId is missing.')
      const { uid } = await call.services.devices.get(call.principal, deviceId)
      const { items } = await call.services.deviceOperations.readPage(
        call.principal,
        { kind: 'operation', deviceId: uid },
        { limit: MAX_TOLD },
      )
      return {
        items: items.map((operation) => ({
          id: operation.uid,
          operationName: operation.name,
          status: operation.status,
          startedTimestamp: toTimestamp(operation.createdAtMs),
          lastUpdatedTimestamp: toTimestamp(operation.updatedAtMs),
        })),
      }
    },
  }),
]

function isOperation(name: string): name is ElementsOperationName {
  return Object.hasOwn(ELEMENTS_OPERATIONS, name)
}

async function nameProfile(
  call: UserCall,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const id = String(parameters['profileId'])
  const profile = await findProfile(call, id)
  if (!profile) throw notFound('profile', id.slice(0, 64))
  return { ...parameters, profileName: profile.name }
}
