import {
  type HawkArtifacts,
  hashHawkBody,
  printHawkHeader,
  readHawkHeader,
  signHawk,
  signHawkTime,
} from '@timeskein/model/hawk'
import { isSameSecret } from '../../../auth/secret.ts'
import { DomainError, forbidden } from '../../../errors/domain-error.ts'
import type { AppContext } from '../../../http/app-types.ts'
import type { Identity } from '../../../http/identify.ts'
import type { SigningKey } from '../../../services/platform-keys/platform-key-service.ts'
import type { Services } from '../../../services/services.ts'
import { findOrganisation } from '../wire/organisation.ts'
import { EarlierUses } from './earlier-uses.ts'
import { NonceMemory } from './nonce-memory.ts'

/** How far the clocks of two machines may differ. */
export const MAX_SKEW_SECONDS = 60

/** What a verified request was signed with, for the answer. */
interface Signed {
  readonly key: string
  readonly artifacts: HawkArtifacts
}

/** Checks the signatures of requests by the Hawk scheme, and signs the answers to them. */
export class HawkGuard {
  readonly #now: () => number
  readonly #nonces: NonceMemory
  readonly #earlier = new EarlierUses(Math.floor(performance.timeOrigin / 1000), MAX_SKEW_SECONDS)
  readonly #signed = new WeakMap<AppContext, Signed>()

  /** @param now - Milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now
    this.#nonces = new NonceMemory(now, 2 * MAX_SKEW_SECONDS * 1000)
  }

  /**
   * Who signed a request; with the error `forbidden` (`other-organisation`) beside them where they may not.
   *
   * @throws {DomainError} `unauthenticated` (`bad-hawk-header`, `bad-mac`, `bad-payload-hash`, `stale-timestamp` or `nonce-used`;
   *   details.challenge is what `WWW-Authenticate` says).
   */
  async identify(c: AppContext, services: Services, header: string): Promise<Identity> {
    const { id, ts, nonce, ext, hash, mac } = readHeader(header)
    const artifacts: HawkArtifacts = {
      ts: Number(ts),
      nonce,
      method: c.req.method,
      resource: readResource(c),
      ...readHost(c),
      hash,
      ext,
    }
    const from = { address: c.get('address'), requestId: c.get('requestId') }
    const signing = await findSigner(await services.platformKeys.findSigningKeys(id, from), artifacts, mac)
    if (!signing) throw refuse('bad-mac', 'Bad mac: the signature is not that of the key of this user.')
    await requireHash(c, hash)
    const nowMs = this.#now()
    const isStale = Math.abs(artifacts.ts * 1000 - nowMs) > MAX_SKEW_SECONDS * 1000
    const wasTaken = this.#earlier.mayHaveTaken(signing, artifacts.ts)
    if (isStale || wasTaken) throw await stale(signing.key, nowMs)
    // The MAC and not what it is made of: id and time can be spelled in more ways than one.
    if (!this.#nonces.take(signing.key, mac))
      throw refuse('nonce-used', 'Invalid nonce: the request was sent before.')
    this.#signed.set(c, { key: signing.key, artifacts })
    const principal = await signing.use()
    if (principal && !(await findOrganisation(services, principal, ext)))
      return { principal, error: refuseOrganisation(ext) }
    return { principal }
  }

  /** The answer with its signature, where the request was signed. */
  async sign(c: AppContext, answer: Response): Promise<Response> {
    const signed = this.#signed.get(c)
    if (!signed) return answer
    const body = new Uint8Array(await answer.clone().arrayBuffer())
    const hash = await hashHawkBody(body, answer.headers.get('content-type') ?? '')
    const { hash: _hash, ext: _ext, ...request } = signed.artifacts
    const mac = await signHawk('response', signed.key, { ...request, hash })
    answer.headers.set('server-authorization', printHawkHeader({ mac, hash }))
    return answer
  }
}

interface Header {
  readonly id: string
  readonly ts: string
  readonly nonce: string
  readonly mac: string
  readonly ext: string | undefined
  readonly hash: string | undefined
}

function readHeader(header: string): Header {
  let attributes: Readonly<Record<string, string>> | undefined
  try {
    attributes = readHawkHeader(header)
  } catch (error) {
    throw refuse('bad-hawk-header', error instanceof Error ? error.message : String(error))
  }
  if (!attributes)
    throw refuse('bad-hawk-header', 'Requests are signed by the Hawk scheme: Authorization: Hawk id="…", …')
  const { id, ts, nonce, mac, ext, hash } = attributes
  if (!id || !ts || !nonce || !mac || !/^\d{1,12}$/.test(ts))
    throw refuse('bad-hawk-header', 'The Hawk header needs id, ts (seconds since 1970), nonce and mac.')
  return { id, ts, nonce, mac, ext, hash }
}

async function findSigner(
  keys: readonly SigningKey[],
  artifacts: HawkArtifacts,
  mac: string,
): Promise<SigningKey | undefined> {
  for (const one of keys) if (isSameSecret(mac, await signHawk('header', one.key, artifacts))) return one
  return undefined
}

/** A body that is not signed may be anybody's. */
async function requireHash(c: AppContext, hash: string | undefined): Promise<void> {
  const body = new Uint8Array(await c.req.arrayBuffer())
  if (body.length === 0 && hash === undefined) return
  if (hash === undefined)
    throw refuse('bad-payload-hash', 'Missing payload hash: a body is signed by its hash.')
  if (!isSameSecret(hash, await hashHawkBody(body, c.req.header('content-type') ?? '')))
    throw refuse('bad-payload-hash', 'Bad payload hash: the body is not the one that was signed.')
}

/** Path and query as they came over the wire: no character of them may be written otherwise. */
function readResource(c: AppContext): string {
  const { incoming } = (c.env ?? {}) as { incoming?: { url?: string } }
  if (incoming?.url !== undefined) return incoming.url
  const url = new URL(c.req.url)
  return url.pathname + url.search
}

/** As the client dialled it, which a proxy in front passes on. */
function readHost(c: AppContext): Pick<HawkArtifacts, 'host' | 'port'> {
  const text = c.req.header('host') ?? new URL(c.req.url).host
  const match = /^(.*?)(?::(\d{1,5}))?$/.exec(text)
  return { host: match?.[1] ?? text, port: Number(match?.[2] ?? (c.get('isSecure') ? 443 : 80)) }
}

function refuseOrganisation(ext: string | undefined): DomainError {
  return forbidden(
    'other-organisation',
    ext
      ? `The user does not belong to the organization ${ext.slice(0, 40)}.`
      : 'The id of the organization was expected as ext of the Hawk header, found none.',
  )
}

function refuse(
  code: string,
  message: string,
  attributes: Record<string, string | number> = { error: code },
): DomainError {
  return new DomainError('unauthenticated', code, message, {
    details: { challenge: printHawkHeader(attributes) },
  })
}

/** Tells the time, signed, so that the client may believe it and ask again. */
async function stale(key: string, nowMs: number): Promise<DomainError> {
  const ts = Math.floor(nowMs / 1000)
  return refuse(
    'stale-timestamp',
    'Stale timestamp: the clocks differ by more than a minute, or the request was signed before the server started.',
    {
      ts,
      tsm: await signHawkTime(key, ts),
      error: 'Stale timestamp',
    },
  )
}
