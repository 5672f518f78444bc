import type { OAuthTokens } from './oauth-tokens.ts'
import type { ServiceAccountKey } from './service-account.ts'

/** Who signs in, and how. */
export type Auth =
  /** The sign-in form, as a browser fills it in. */
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** HTTP basic authentication, for servers behind a proxy that asks for it. */
  | { readonly kind: 'http-basic'; readonly username: string; readonly password: string }
  /**
   * Tokens of an OAuth flow. They are renewed when they end.
   * `onRenewed` hears of renewed tokens, to keep them.
   */
  | {
      readonly kind: 'oauth'
      readonly tokens: OAuthTokens
      readonly onRenewed?: (tokens: OAuthTokens) => Promise<void> | void
    }
  /** A key of a Timeskein server (`sk_…`). */
  | { readonly kind: 'api-key'; readonly key: string }
  /** A token that a proxy before the server wants as `Authorization: Bearer`, or where to get one; asked for at every request. */
  | {
      readonly kind: 'token'
      readonly token: string | ((signal: AbortSignal | undefined) => Promise<string>)
    }
  /** A service account whose identity token a proxy before the server wants. It is renewed when it ends. */
  | { readonly kind: 'service-account'; readonly key: ServiceAccountKey; readonly audience: string }
  /** Nobody in particular: the network says who it is, or the browser is signed in already. */
  | { readonly kind: 'none' }
