import { z } from 'zod'
import type { ConfigFolder } from '../config/config-folder.ts'

/** Requests that a caller of a platform's API may make in a minute where nothing else is said. */
const DEFAULTS = { threatstack: 200, elements: 10_000, sekoia: 600 } as const
/** Under the data directory's configuration folder. */
const FILE = 'platforms.yaml'

/** A platform whose API is spoken. */
export type PlatformName = keyof typeof DEFAULTS

const limitsSchema = z.partialRecord(
  z.enum(['threatstack', 'elements', 'sekoia']),
  z.object({ requestsPerMinute: z.int().min(1).max(1_000_000_000) }).partial(),
)

/** How often the APIs of other platforms may be asked: as often as the platform allows, or as the configuration says. */
export interface PlatformLimitService {
  /** Of one caller. */
  requestsPerMinute(platform: PlatformName): Promise<number>
}

/** Reads it when it is asked for; a file that makes no sense is as none. */
export function createPlatformLimitService(config: ConfigFolder): PlatformLimitService {
  return {
    async requestsPerMinute(platform) {
      const limits = limitsSchema.safeParse((await config.readFile(FILE))?.value).data
      return limits?.[platform]?.requestsPerMinute ?? DEFAULTS[platform]
    },
  }
}
