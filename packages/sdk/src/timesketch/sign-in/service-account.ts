import { SignInError } from '../../errors/sign-in-error.ts'
import { toBase64Url } from '../crypto/base64-url.ts'
import { TOKEN_URL } from './oauth-tokens.ts'
import { postForm, readText, toRefusedError } from './token-request.ts'

/** What is needed of a service account's key file (Google Cloud, "service account keys", JSON). */
export interface ServiceAccountKey {
  readonly client_email: string
  /** PKCS#8 in PEM. */
  readonly private_key: string
  readonly private_key_id?: string
  readonly token_uri?: string
}

/** How long an assertion is good for; the longest a token endpoint takes (RFC 7523; Google: one hour). */
const ASSERTION_SECONDS = 3600

/**
 * An identity token for a service: a signed assertion is exchanged for it (RFC 7523). It is what a proxy before Timesketch, such as
 * Identity-Aware Proxy, wants as `Authorization: Bearer`.
 *
 * @param audience - For whom the token is: the proxy's client id.
 */
export async function fetchServiceToken(
  key: ServiceAccountKey,
  audience: string,
  options: { fetch?: typeof globalThis.fetch | undefined; signal?: AbortSignal | undefined } = {},
): Promise<{ token: string; expiresAt: string }> {
  const url = key.token_uri ?? TOKEN_URL
  const nowSeconds = Math.floor(Date.now() / 1000)
  const assertion = await signAssertion(key, {
    iss: key.client_email,
    sub: key.client_email,
    aud: url,
    iat: nowSeconds,
    exp: nowSeconds + ASSERTION_SECONDS,
    target_audience: audience,
  })
  const answer = await postForm(
    url,
    { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
    options,
  )
  const token = readText(answer, 'id_token') ?? readText(answer, 'access_token')
  if (token === undefined) throw toRefusedError(answer)
  return { token, expiresAt: new Date((nowSeconds + ASSERTION_SECONDS) * 1000).toISOString() }
}

async function signAssertion(
  key: ServiceAccountKey,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const header = { alg: 'RS256', typ: 'JWT', ...(key.private_key_id ? { kid: key.private_key_id } : {}) }
  const input = [header, claims].map((part) => toBase64Url(encode(JSON.stringify(part)))).join('.')
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const imported = await crypto.subtle
    .importKey('pkcs8', readPem(key.private_key), algorithm, false, ['sign'])
    .catch(() => {
      throw new SignInError(
        'the private key of the service account cannot be read: PKCS#8 in PEM was expected',
      )
    })
  const signature = await crypto.subtle.sign(algorithm, imported, encode(input))
  return `${input}.${toBase64Url(new Uint8Array(signature))}`
}

function readPem(pem: string): Uint8Array<ArrayBuffer> {
  const base64 = pem.replace(/-----[^-]+-----|\s/g, '')
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
