import { SignInError } from '../../errors/sign-in-error.ts'
import { toBase64Url } from '../crypto/base64-url.ts'
import {
  AUTHORIZATION_URL,
  DEFAULT_SCOPES,
  type OAuthClient,
  type OAuthTokens,
  TOKEN_URL,
} from './oauth-tokens.ts'
import { postForm, toTokens } from './token-request.ts'

/** A flow that waits for a person to agree in a browser. */
export interface InstalledAppFlow {
  /** To be opened in a browser. */
  readonly authorizationUrl: string
  /**
   * @param answer - The address the browser was sent to, or the code in it alone.
   * @throws {SignInError} When the person refused, or the address belongs to another flow.
   */
  finish(answer: string, options?: { signal?: AbortSignal }): Promise<OAuthTokens>
}

/**
 * OAuth for installed apps with PKCE (RFC 8252, RFC 7636, method S256): works in Timesketch's mode `oauth` with a local listener
 * (`@timeskein/sdk/node` has one) and in `oauth_local` with a code that is copied by hand.
 *
 * @param redirectUrl - Where the browser is sent; `http://localhost` for copying by hand.
 */
export async function startInstalledAppFlow(
  client: OAuthClient,
  redirectUrl: string = 'http://localhost',
): Promise<InstalledAppFlow> {
  const verifier = toBase64Url(crypto.getRandomValues(new Uint8Array(48)))
  const state = toBase64Url(crypto.getRandomValues(new Uint8Array(18)))
  const challenge = toBase64Url(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))),
  )
  const url = new URL(client.authorizationUrl ?? AUTHORIZATION_URL)
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirectUrl,
    scope: (client.scopes ?? DEFAULT_SCOPES).join(' '),
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    access_type: 'offline',
    prompt: 'consent select_account',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return {
    authorizationUrl: url.href,
    async finish(answer, options = {}) {
      const code = readCode(answer, state)
      const token = await postForm(
        client.tokenUrl ?? TOKEN_URL,
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUrl,
          client_id: client.clientId,
          client_secret: client.clientSecret,
          code_verifier: verifier,
        },
        { fetch: client.fetch, signal: options.signal },
      )
      return toTokens(token, client)
    },
  }
}

function readCode(answer: string, state: string): string {
  const text = answer.trim()
  if (!/^https?:/i.test(text)) return text
  const { searchParams } = new URL(text)
  const error = searchParams.get('error')
  if (error !== null) throw new SignInError(`OAuth: ${error}`)
  if (searchParams.get('state') !== state)
    throw new SignInError(
      'OAuth: the address is an answer to another question (its state differs): begin anew',
    )
  return searchParams.get('code') ?? ''
}
