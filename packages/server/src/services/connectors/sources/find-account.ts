import { isApiError } from '@timeskein/sdk'
import type { PlatformSource } from './platform-source.ts'

/** Whose items they are; where the platform does not tell, those of its address. */
export async function findAccount(
  source: PlatformSource,
  { url }: { readonly url: string },
  signal: AbortSignal,
): Promise<string> {
  try {
    const account = await source.findAccount(signal)
    if (account !== '') return account
  } catch (error) {
    // A key may be good for what is pulled and not for this.
    if (!isApiError(error)) throw error
  }
  return new URL(url).origin
}
