import {
  addedConnectorSchema,
  connectorRejectsSchema,
  connectorSchema,
  connectorSecretSchema,
  connectorsAnswerSchema,
  connectorVerdictSchema,
  doneSchema,
  newConnectorSchema,
  pullReportSchema,
  pullRequestSchema,
} from '@timeskein/model'
import {
  readNewConnector,
  readPullStart,
  toApiConnector,
  toApiRejects,
} from '../../../services/connectors/connector-api-rows.ts'
import { type Route, userRoute } from '../route.ts'

/** Platforms that are pulled from. */
export const connectorRoutes: readonly Route[] = [
  userRoute('user', {
    method: 'GET',
    path: '/connectors',
    summary: 'Connectors of the sketches that the caller may read.',
    answer: connectorsAnswerSchema,
    handle: async (call) => ({
      connectors: (await call.services.connectors.list(call.principal)).map(toApiConnector),
    }),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/connectors',
    summary: 'Make a connector, if its credentials work; needs write on the sketch.',
    body: newConnectorSchema,
    answer: addedConnectorSchema,
    handle: async (call, { body }, c) => {
      const { connectors } = call.services
      const { connector, verdict } = await connectors.add(
        call.principal,
        readNewConnector(body),
        c.req.raw.signal,
      )
      return { connector: toApiConnector(connector), verdict }
    },
  }),
  userRoute('user', {
    method: 'GET',
    path: '/connectors/:connector',
    summary: 'One connector with how it fares.',
    answer: connectorSchema,
    handle: async (call, { params }) =>
      toApiConnector(await call.services.connectors.get(call.principal, params.connector)),
  }),
  userRoute('user', {
    method: 'DELETE',
    path: '/connectors/:connector',
    summary:
      'End a connector’s pull and forget its secret; what it brought stays, and is known to one that is added later. Needs write on its sketch.',
    answer: doneSchema,
    handle: async (call, { params }) => {
      await call.services.connectors.remove(call.principal, params.connector)
      return { done: true }
    },
  }),
  userRoute('user', {
    method: 'PUT',
    path: '/connectors/:connector/secret',
    summary:
      'Give a connector other credentials of the same organization, if they work; needs write on its sketch.',
    body: connectorSecretSchema,
    answer: connectorVerdictSchema,
    handle: async (call, { params, body: { secret, clientId } }, c) => ({
      verdict: await call.services.connectors.setSecret(
        call.principal,
        params.connector,
        { secret, ...(clientId === undefined ? {} : { clientId }) },
        c.req.raw.signal,
      ),
    }),
  }),
  userRoute('user', {
    method: 'GET',
    path: '/connectors/:connector/rejects',
    summary: 'Items that were put aside, with why: the latest first, at most 1,000.',
    answer: connectorRejectsSchema,
    handle: async (call, { params }) =>
      toApiRejects(await call.services.connectors.listRejects(call.principal, params.connector)),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/connectors/:connector/test',
    summary: 'Whether its credentials work; needs write on its sketch.',
    answer: connectorVerdictSchema,
    handle: async (call, { params }, c) => ({
      verdict: await call.services.connectors.test(call.principal, params.connector, c.req.raw.signal),
    }),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/connectors/:connector/pull',
    summary: 'Bring what is new; answers when it is stored. Needs write on its sketch.',
    body: pullRequestSchema,
    answer: pullReportSchema,
    handle: async (call, { params, body }, c) => ({
      ...(await call.services.connectors.pull(call.principal, params.connector, {
        ...readPullStart(body.since),
        signal: c.req.raw.signal,
      })),
    }),
  }),
]
