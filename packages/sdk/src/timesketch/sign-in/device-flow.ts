import { AnswerError } from '../../errors/answer-error.ts'
import { SignInError } from '../../errors/sign-in-error.ts'
import { waitMs } from '../../transport/wait.ts'
import { DEFAULT_SCOPES, DEVICE_URL, type OAuthClient, type OAuthTokens, TOKEN_URL } from './oauth-tokens.ts'
import { postForm, readText, toRefusedError, toTokens } from './token-request.ts'

/** A flow for places without a browser: a person types a code on another device. */
export interface DeviceFlow {
  /** Where to type the code. */
  readonly verificationUrl: string
  readonly userCode: string
  /** UTC, ISO 8601: until then the code can be typed. */
  readonly expiresAt: string
  /** Waits until the person has agreed. @throws {SignInError} When they refused, or time is over. */
  finish(options?: { signal?: AbortSignal }): Promise<OAuthTokens>
}

/** What is waited between two questions where the server does not say (RFC 8628, section 3.2). */
const DEFAULT_INTERVAL_MS = 5000
const CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** OAuth's device flow (RFC 8628). */
export async function startDeviceFlow(
  client: OAuthClient,
  options: { signal?: AbortSignal } = {},
): Promise<DeviceFlow> {
  const url = client.deviceUrl ?? DEVICE_URL
  const started = await postForm(
    url,
    { client_id: client.clientId, scope: (client.scopes ?? DEFAULT_SCOPES).join(' ') },
    { fetch: client.fetch, signal: options.signal },
  )
  const deviceCode = readText(started, 'device_code')
  const userCode = readText(started, 'user_code')
  // Google spells it verification_url.
  const verificationUrl = readText(started, 'verification_uri') ?? readText(started, 'verification_url')
  if (started['error'] !== undefined) throw toRefusedError(started)
  if (deviceCode === undefined || userCode === undefined || verificationUrl === undefined)
    throw new AnswerError(
      `POST ${url}`,
      'device_code, user_code and verification_uri',
      Object.keys(started).join(', '),
    )
  const expiresAtMs = Date.now() + Number(started['expires_in'] ?? 1800) * 1000
  return {
    verificationUrl,
    userCode,
    expiresAt: new Date(expiresAtMs).toISOString(),
    async finish({ signal } = {}) {
      let intervalMs = Number(started['interval'] ?? DEFAULT_INTERVAL_MS / 1000) * 1000
      for (;;) {
        await waitMs(intervalMs, signal)
        if (Date.now() > expiresAtMs)
          throw new SignInError('OAuth: the code was not typed in time: begin anew')
        const answer = await postForm(
          client.tokenUrl ?? TOKEN_URL,
          {
            grant_type: CODE_GRANT,
            device_code: deviceCode,
            client_id: client.clientId,
            client_secret: client.clientSecret,
          },
          { fetch: client.fetch, signal },
        )
        if (answer['error'] === 'slow_down') intervalMs += DEFAULT_INTERVAL_MS
        else if (answer['error'] !== 'authorization_pending') return toTokens(answer, client)
      }
    },
  }
}
