import { z } from 'zod'
import type { ServiceContext } from '../service-context.ts'

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

/** Reads it when it is asked for; a file that makes no sense is as none, and the log says so. */
export function createPlatformLimitService({
  config,
  log,
}: Pick<ServiceContext, 'config' | 'log'>): PlatformLimitService {
  let told: unknown
  return {
    async requestsPerMinute(platform) {
      const value = (await config.readFile(FILE))?.value
      if (value === undefined || value === null) return DEFAULTS[platform]
      const limits = limitsSchema.safeParse(value)
      if (!limits.success && told !== value)
        log.warn(
          { path: FILE, problem: z.prettifyError(limits.error) },
          'limits of platforms could not be read',
        )
      told = value
      return limits.data?.[platform]?.requestsPerMinute ?? DEFAULTS[platform]
    },
  }
}
