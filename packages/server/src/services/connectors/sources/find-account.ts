import { isApiError } from '@timeskein/sdk'
import type { PlatformSource } from './platform-source.ts'

/** A key may be good for what is pulled, and not for this; some of a platform do not have it at all. */
const NOT_TOLD: ReadonlySet<number> = new Set([401, 403, 404])

/**
 * Whose items they are; empty where the platform does not tell.
 *
 * @throws {Error} Where the platform could not be asked: it may tell the next time.
 */
export async function findAccount(source: PlatformSource, signal: AbortSignal): Promise<string> {
  try {
    const account: unknown = await source.findAccount(signal)
    return typeof account === 'string' ? account : ''
  } catch (error) {
    if (!isApiError(error) || !NOT_TOLD.has(error.status)) throw error
    return ''
  }
}
