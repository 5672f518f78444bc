/** What an OAuth flow ends with, as a token file keeps it (api_client, credentials.py). */
export interface OAuthTokens {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly idToken: string | undefined
  readonly scopes: readonly string[]
  /** Where tokens are renewed. */
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** UTC, ISO 8601; undefined when unknown. */
  readonly expiresAt: string | undefined
}

/** Who asks for tokens, and where. The defaults are Google's, which Timesketch's `/login/api_callback/` expects. */
export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret: string
  /** @default e-mail address, profile and OpenID */
  readonly scopes?: readonly string[]
  /** @default Google's authorization endpoint */
  readonly authorizationUrl?: string
  /** @default Google's token endpoint */
  readonly tokenUrl?: string
  /** For the device flow. @default Google's device authorization endpoint */
  readonly deviceUrl?: string
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch
}

export const DEFAULT_SCOPES: readonly string[] = [
  'https://www.googleapis.com/auth/userinfo.email',
  'openid',
  'https://www.googleapis.com/auth/userinfo.profile',
]
export const AUTHORIZATION_URL = 'https://accounts.google.com/o/oauth2/v2/auth'
export const TOKEN_URL = 'https://oauth2.googleapis.com/token'
export const DEVICE_URL = 'https://oauth2.googleapis.com/device/code'

/** Renewed this long before they end, so that a request under way is not refused. */
const RENEW_BEFORE_MS = 60_000

/** True when tokens have ended or are about to. Without an end they never have. */
export function areTokensOver(tokens: Pick<OAuthTokens, 'expiresAt'>, nowMs: number = Date.now()): boolean {
  return tokens.expiresAt !== undefined && Date.parse(tokens.expiresAt) - RENEW_BEFORE_MS <= nowMs
}
