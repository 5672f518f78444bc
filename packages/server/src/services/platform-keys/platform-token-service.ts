import { isDomainError } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'

/** Seconds that a token is good for. */
export const TOKEN_LIFE_SECONDS = 1799
const PURPOSE = 'elements token'

/** What a token was given for. */
export interface PlatformToken {
  /** Row id of the key. */
  readonly keyId: number
  readonly clientId: string
  readonly permissions: readonly string[]
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number
}

/** Tokens that clients of platforms' APIs get for their secret. Nothing is kept of them: what they say is sealed in them. */
export interface PlatformTokenService {
  issue(grant: Omit<PlatformToken, 'expiresAtMs'>): Promise<string>
  /** What a token says, also one that has expired; undefined for what is no token of ours. */
  read(token: string): Promise<(PlatformToken & { readonly isExpired: boolean }) | undefined>
}

/** Tokens under the key of the data directory: they stay good over a restart. */
export function createPlatformTokenService({
  secrets,
  now,
}: Pick<ServiceContext, 'secrets' | 'now'>): PlatformTokenService {
  return {
    async issue({ keyId, clientId, permissions }) {
      const expiresAtMs = now() + TOKEN_LIFE_SECONDS * 1000
      return await secrets.seal(JSON.stringify([keyId, clientId, permissions, expiresAtMs]), PURPOSE)
    },
    async read(token) {
      try {
        // Only what `issue` wrote can be opened.
        const [keyId, clientId, permissions, expiresAtMs] = JSON.parse(
          await secrets.open(token, PURPOSE),
        ) as [number, string, string[], number]
        return { keyId, clientId, permissions, expiresAtMs, isExpired: expiresAtMs <= now() }
      } catch (error) {
        if (isDomainError(error)) return undefined
        throw error
      }
    },
  }
}
