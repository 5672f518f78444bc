import { AnswerError } from '../../errors/answer-error.ts'
import { SignInError } from '../../errors/sign-in-error.ts'
import { type OAuthClient, type OAuthTokens, TOKEN_URL } from './oauth-tokens.ts'

/** An answer of a token endpoint (RFC 6749, sections 5.1 and 5.2). */
export type TokenAnswer = Readonly<Record<string, unknown>>

/**
 * Posts a form to an OAuth endpoint.
 *
 * @returns The answer, be it a refusal (`error`) or not.
 * @throws {AnswerError} For what is not a JSON object.
 */
export async function postForm(
  url: string,
  fields: Readonly<Record<string, string>>,
  options: { fetch?: typeof globalThis.fetch | undefined; signal?: AbortSignal | undefined },
): Promise<TokenAnswer> {
  const response = await (options.fetch ?? globalThis.fetch)(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  const text = await response.text()
  try {
    const answer: unknown = JSON.parse(text)
    if (typeof answer === 'object' && answer !== null) return answer as TokenAnswer
  } catch {
    // Not JSON: told below, without the text, which may hold a token.
  }
  throw new AnswerError(`POST ${url}`, 'a JSON object', `status ${response.status} and something else`)
}

/** @throws {SignInError} For a refusal, with the endpoint's own words. */
export function toTokens(answer: TokenAnswer, client: OAuthClient, before?: OAuthTokens): OAuthTokens {
  const accessToken = readText(answer, 'access_token')
  if (accessToken === undefined) throw toRefusedError(answer)
  const seconds = Number(answer['expires_in'])
  return {
    accessToken,
    refreshToken: readText(answer, 'refresh_token') ?? before?.refreshToken,
    idToken: readText(answer, 'id_token') ?? before?.idToken,
    scopes: readText(answer, 'scope')?.split(' ') ?? before?.scopes ?? client.scopes ?? [],
    tokenUrl: client.tokenUrl ?? TOKEN_URL,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    expiresAt: seconds > 0 ? new Date(Date.now() + seconds * 1000).toISOString() : undefined,
  }
}

export function toRefusedError(answer: TokenAnswer): SignInError {
  const reason = readText(answer, 'error') ?? 'no access token in the answer'
  const more = readText(answer, 'error_description')
  return new SignInError(`OAuth: ${reason}${more === undefined ? '' : ` (${more})`}`)
}

export function readText(answer: TokenAnswer, name: string): string | undefined {
  const value = answer[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * Renews tokens (RFC 6749, section 6).
 *
 * @throws {SignInError} Without a refresh token, and when it has ended: sign in anew then.
 */
export async function refreshTokens(
  tokens: OAuthTokens,
  options: { fetch?: typeof globalThis.fetch | undefined; signal?: AbortSignal | undefined } = {},
): Promise<OAuthTokens> {
  const { refreshToken, clientId, clientSecret, tokenUrl } = tokens
  if (refreshToken === undefined) throw new SignInError('OAuth: there is no refresh token: sign in anew')
  const answer = await postForm(
    tokenUrl,
    {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
    },
    options,
  )
  return toTokens(answer, { clientId, clientSecret, tokenUrl, scopes: tokens.scopes }, tokens)
}
