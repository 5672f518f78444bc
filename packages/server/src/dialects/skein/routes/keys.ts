import {
  apiKeySchema,
  doneSchema,
  keyScopeSchema,
  newApiKeySchema,
  platformCredentialsSchema,
} from '@timeskein/model'
import { z } from 'zod'
import { notFound } from '../../../errors/domain-error.ts'
import { check } from '../../../http/check-input.ts'
import { toApiKeyRow } from '../../../services/api-rows.ts'
import { type Route, userRoute } from '../route.ts'

/** What keys of our own API take. */
const ownScopesSchema = z.object({ scopes: z.array(keyScopeSchema).min(1) })

/** API keys. */
export const keyRoutes: readonly Route[] = [
  userRoute('user', {
    method: 'GET',
    path: '/keys',
    summary: 'The caller’s keys; all keys for administrators.',
    answer: z.object({ keys: z.array(apiKeySchema) }),
    handle: async (call) => {
      const keys = await call.services.auth.listApiKeys(call.principal, { all: call.principal.isAdmin })
      return { keys: keys.map(toApiKeyRow) }
    },
  }),
  userRoute('user', {
    method: 'POST',
    path: '/keys',
    summary: 'Make a key; it is shown this once.',
    body: newApiKeySchema,
    answer: platformCredentialsSchema,
    handle: async (call, { body }) => {
      const owner = body.user === undefined ? undefined : await call.services.users.findByName(body.user)
      if (body.user !== undefined && !owner) throw notFound('user', body.user)
      const { name, kind } = body
      const whose = owner ? { userId: owner.id } : {}
      if (kind === 'timeskein') {
        const { scopes } = check(ownScopesSchema, body, 'body')
        const made = await call.services.auth.createApiKey(call.principal, { name, scopes, ...whose })
        return { id: made.apiKey.id, key: made.key }
      }
      const made = await call.services.platformKeys.create(call.principal, {
        name,
        kind,
        scopes: body.scopes,
        ...whose,
      })
      return { id: made.id, ...made.credentials }
    },
  }),
  userRoute('user', {
    method: 'DELETE',
    path: '/keys/:keyId{[0-9]+}',
    summary: 'Revoke a key.',
    answer: doneSchema,
    handle: async (call, { params }) => {
      await call.services.auth.revokeApiKey(call.principal, Number(params.keyId))
      return { done: true }
    },
  }),
]
