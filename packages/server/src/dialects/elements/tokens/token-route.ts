import { elementsTokenErrorSchema, elementsTokenSchema } from '@timeskein/model/elements'
import { z } from 'zod'
import { DomainError, invalid } from '../../../errors/domain-error.ts'
import type { AppContext } from '../../../http/app-types.ts'
import { TOKEN_LIFE_SECONDS } from '../../../services/platform-keys/platform-token-service.ts'
import { type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { TOKEN_PATH } from './token-path.ts'

const SCOPES: ReadonlySet<string> = new Set(['connect.api.read', 'connect.api.write'])
const FORM: ReadonlySet<string> = new Set(['grant_type', 'scope'])

const formSchema = z.looseObject({
  grant_type: z.string().optional(),
  /** Separated by blanks. */
  scope: z.string().optional(),
})

/** Gives tokens for client credentials (RFC 6749, section 4.4), which are in the header by section 2.3.1. */
export const tokenRoute: PlatformRoute = platformRoute({
  method: 'POST',
  path: TOKEN_PATH,
  summary: 'A token for client credentials.',
  permission: 'public',
  body: formSchema,
  bodyTypes: ['application/x-www-form-urlencoded'],
  answers: { 200: elementsTokenSchema },
  refusal: elementsTokenErrorSchema,
  options: { csrf: false, maxBodyBytes: 65_536 },
  handle: async (call, { body }, c) => {
    const { clientId, secret } = readCredentials(c)
    for (const name of Object.keys(body))
      if (!FORM.has(name))
        throw refuse('invalid_request', `grant_type and scope were expected; found ${name.slice(0, 64)}.`)
    if (body.grant_type === undefined) throw refuse('invalid_request', 'grant_type is missing.')
    if (body.grant_type !== 'client_credentials')
      throw refuse(
        'unsupported_grant_type',
        `The grant type client_credentials was expected; found ${body.grant_type.slice(0, 64)}.`,
      )
    const client = await call.services.platformKeys.findClient(clientId, secret)
    if (!client) throw unknownClient()
    const asked = [...new Set((body.scope ?? '').split(/\s+/).filter((scope) => scope !== ''))]
    const refused = asked.find((scope) => !SCOPES.has(scope) || !client.permissions.includes(scope))
    if (refused !== undefined)
      throw refuse('invalid_scope', `Scope not allowed for the client: ${refused.slice(0, 64)}`)
    const permissions = asked.length === 0 ? client.permissions : asked
    const token = await call.services.platformTokens.issue({ keyId: client.keyId, clientId, permissions })
    c.header('cache-control', 'no-store')
    return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE_SECONDS }
  },
})

function readCredentials(c: AppContext): { readonly clientId: string; readonly secret: string } {
  const encoded = /^basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (encoded === undefined || colon < 0) throw unknownClient()
  return { clientId: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) }
}

/** Clients that follow the RFC to the letter encode both as in a form; ours have nothing to encode. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // A lone percent sign: it was not encoded.
    return text
  }
}

function unknownClient(): DomainError {
  return new DomainError('unauthenticated', 'bad-client', 'Invalid client or client credentials.')
}

function refuse(error: string, message: string): DomainError {
  return invalid('bad-token-request', message, { error })
}
