import { PLATFORMS } from '@timeskein/ingest/platforms'
import { invalid } from '../../errors/domain-error.ts'
import type { NewConnector } from './connector-service.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const MAX_SECRET_LENGTH = 4096

/** Refuses what no connector can be made of. @throws {DomainError} `invalid` (`bad-connector`). */
export function requireFields({
  name,
  platform,
  secret,
  clientId,
  organisationId,
}: Pick<NewConnector, 'name' | 'platform' | 'secret' | 'clientId' | 'organisationId'>): void {
  const fail = (message: string): never => {
    throw invalid('bad-connector', message)
  }
  if (!NAME.test(name))
    fail(
      `A connector's name is 1 to 64 letters, digits, dots, dashes and underscores; found ${JSON.stringify(name.slice(0, 80))}.`,
    )
  if (!PLATFORMS.includes(platform))
    fail(
      `A platform is one of ${PLATFORMS.join(', ')}; found ${JSON.stringify(String(platform).slice(0, 40))}.`,
    )
  // A line break in a header is refused by HTTP with an error that repeats it.
  if (!/^[\x21-\x7e]+$/.test(secret) || secret.length > MAX_SECRET_LENGTH)
    fail(`A secret is up to ${MAX_SECRET_LENGTH} characters of ASCII without blanks; found something else.`)
  if (platform === 'elements' && clientId === undefined)
    fail('WithSecure Elements needs the client id beside the secret.')
  if (platform === 'sekoia' && (clientId !== undefined || organisationId !== undefined))
    fail(
      `Sekoia.io knows its callers by the API key alone; found the id of ${clientId === undefined ? 'an organization' : 'a client or user'} beside it.`,
    )
  if (platform === 'threatstack' && clientId !== undefined && organisationId === undefined)
    fail('Version 2 of Threat Stack needs the id of the organization beside that of the user.')
}
