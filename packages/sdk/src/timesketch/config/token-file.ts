import { toBase64Url } from '../crypto/base64-url.ts'
import { decryptFernet, encryptFernet } from '../crypto/fernet.ts'
import { type OAuthTokens, TOKEN_URL } from '../sign-in/oauth-tokens.ts'
import { isRecord, readOptionalText, readText, readTexts } from '../wire/record.ts'

/**
 * `~/.timesketch.token`, as Timesketch's own client writes and reads it (api_client 20261014, `crypto.py` and `credentials.py`): 16
 * bytes of salt, then a Fernet token whose key is PBKDF2-HMAC-SHA256 of the password (100,000 rounds). In it stands the kind of the
 * credentials, to the right in ten places, and then JSON.
 */
export type StoredCredentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'oauth'; readonly tokens: OAuthTokens }

const SALT_BYTES = 16
const ROUNDS = 100_000
const KIND_PLACES = 10
const PASSWORD_KIND = 'timesketch'
const OAUTH_KIND = 'oauth'

/** @param password - The user's own, or the text of `cred_key`, as it stands in the RC file. */
export async function encryptTokenFile(
  credentials: StoredCredentials,
  password: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  const token = await encryptFernet(await deriveKey(password, salt), serialize(credentials))
  const text = new TextEncoder().encode(token)
  const file = new Uint8Array(SALT_BYTES + text.length)
  file.set(salt)
  file.set(text, SALT_BYTES)
  return file
}

/** @returns Undefined when the password is wrong, or the file is none. */
export async function decryptTokenFile(
  file: Uint8Array<ArrayBuffer>,
  password: string,
): Promise<StoredCredentials | undefined> {
  const key = await deriveKey(password, file.subarray(0, SALT_BYTES))
  const data = await decryptFernet(key, new TextDecoder().decode(file.subarray(SALT_BYTES)))
  return data && deserialize(new TextDecoder().decode(data))
}

/** A new text for `cred_key`: what `Fernet.generate_key()` gives. */
export function generateCredentialKey(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)), { padded: true })
}

async function deriveKey(password: string, salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const secret = new TextEncoder().encode(password)
  const material = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, material, 256))
}

function serialize(credentials: StoredCredentials): Uint8Array<ArrayBuffer> {
  const isPassword = credentials.kind === 'password'
  const json = isPassword
    ? { username: credentials.username, password: credentials.password }
    : toOAuthJson(credentials.tokens)
  const kind = (isPassword ? PASSWORD_KIND : OAUTH_KIND).padStart(KIND_PLACES)
  return new TextEncoder().encode(kind + JSON.stringify(json))
}

function toOAuthJson(tokens: OAuthTokens): Record<string, unknown> {
  return {
    token: tokens.accessToken,
    _scopes: tokens.scopes,
    _refresh_token: tokens.refreshToken ?? null,
    _id_token: tokens.idToken ?? null,
    _token_uri: tokens.tokenUrl,
    _client_id: tokens.clientId,
    _client_secret: tokens.clientSecret,
    // Google's library wants its times without zone.
    ...(tokens.expiresAt === undefined ? {} : { expiry: tokens.expiresAt.replace(/Z$/, '') }),
  }
}

function deserialize(text: string): StoredCredentials | undefined {
  const kind = text.slice(0, KIND_PLACES).trim()
  const json: unknown = JSON.parse(text.slice(KIND_PLACES))
  if (!isRecord(json as never)) return undefined
  // isRecord has looked.
  const record = json as Parameters<typeof readText>[0]
  if (kind === PASSWORD_KIND)
    return {
      kind: 'password',
      username: readText(record, 'username'),
      password: readText(record, 'password'),
    }
  if (kind !== OAUTH_KIND) return undefined
  const expiry = readOptionalText(record, 'expiry')
  const tokens: OAuthTokens = {
    accessToken: readText(record, 'token'),
    refreshToken: readOptionalText(record, '_refresh_token'),
    idToken: readOptionalText(record, '_id_token'),
    scopes: readTexts(record, '_scopes'),
    tokenUrl: readOptionalText(record, '_token_uri') ?? TOKEN_URL,
    clientId: readText(record, '_client_id'),
    clientSecret: readText(record, '_client_secret'),
    expiresAt: expiry === undefined ? undefined : `${expiry.replace(/(?:Z|\+00:00)$/, '')}Z`,
  }
  return { kind: 'oauth', tokens }
}
