/** What an API key may be used for; sessions and local use have all three. `write` implies `read`, `admin` both. */
export type KeyScope = 'read' | 'write' | 'admin'

/** Who acts, how they came in and from where. Every service call that reads or changes something of a user takes one. */
export interface Principal {
  readonly userId: number
  readonly username: string
  /** The user is an administrator and the way in allows acting as one (an API key needs the scope `admin`). */
  readonly isAdmin: boolean
  readonly via: 'session' | 'api-key' | 'local'
  readonly scopes: ReadonlySet<KeyScope>
  /** Network address, `local` for the command line in process. */
  readonly address: string
  /** Id of the request this is about, for the audit log. */
  readonly requestId: string | undefined
  /** Of the session that was used, so that it stays when the user's others end. */
  readonly sessionIdHash?: string
  /** Of the API key that was used. */
  readonly apiKeyId?: number
  /** What the key may do in the words of the platform whose API it is for; undefined: whatever `scopes` allow. */
  readonly permissions?: ReadonlySet<string>
  /** The API that was spoken: `skein`, `timesketch`; undefined in process. */
  readonly dialect?: string
}

/** All scopes. */
export const ALL_SCOPES: ReadonlySet<KeyScope> = new Set<KeyScope>(['read', 'write', 'admin'])
