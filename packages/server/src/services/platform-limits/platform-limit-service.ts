import { z } from 'zod'
import type { ServiceContext } from '../service-context.ts'

/** Requests that a caller of a platform's API may make in a minute where nothing else is said. */
const DEFAULTS = { threatstack: 200, elements: 10_000, sekoia: 600 } as const
/** Under the data directory's configuration folder. */
const FILE = 'platforms.yaml'
/** How long a change of it may take to count. */
const LOOK_AGAIN_MS = 1000

/** A platform whose API is spoken. */
export type PlatformName = keyof typeof DEFAULTS

const limitsSchema = z.partialRecord(
  z.enum(['threatstack', 'elements', 'sekoia']),
  z.object({ requestsPerMinute: z.int().min(1).max(1_000_000_000) }).partial(),
)

type Limits = z.output<typeof limitsSchema>

/** How often the APIs of other platforms may be asked: as often as the platform allows, or as the configuration says. */
export interface PlatformLimitService {
  /** Of one caller. */
  requestsPerMinute(platform: PlatformName): Promise<number>
}

/** Reads it when it is asked for and has changed; a file that makes no sense is as none, and the log says so. */
export function createPlatformLimitService({
  config,
  log,
  now,
}: Pick<ServiceContext, 'config' | 'log' | 'now'>): PlatformLimitService {
  let read: { readonly value: unknown; readonly limits: Limits } | undefined
  let readAtMs = Number.NEGATIVE_INFINITY
  const readLimits = async (): Promise<Limits> => {
    const value = (await config.readFile(FILE))?.value
    if (read && read.value === value) return read.limits
    const limits = limitsSchema.safeParse(value ?? {})
    if (!limits.success)
      log.warn(
        { path: FILE, problem: z.prettifyError(limits.error) },
        'limits of platforms could not be read',
      )
    read = { value, limits: limits.data ?? {} }
    return read.limits
  }
  return {
    async requestsPerMinute(platform) {
      // Every request asks, and to ask the disk takes as long as a small answer.
      const isKnown = Math.abs(now() - readAtMs) < LOOK_AGAIN_MS
      const limits = isKnown && read ? read.limits : await readLimits()
      if (!isKnown) readAtMs = now()
      return limits[platform]?.requestsPerMinute ?? DEFAULTS[platform]
    },
  }
}
