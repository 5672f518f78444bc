import { isDomainError } from '../../../errors/domain-error.ts'
import type { AppContext, DialectOptions } from '../../../http/app-types.ts'
import type { Identity } from '../../../http/identify.ts'
import type { Services } from '../../../services/services.ts'
import { isVersion2 } from '../wire/refusals.ts'
import type { HawkGuard } from './hawk-guard.ts'

/** Finds out who calls: by the bare key in version 1, by the signature in version 2. */
export function makeIdentify(guard: HawkGuard): NonNullable<DialectOptions['identify']> {
  return async (c, services) => {
    const header = c.req.header('authorization')?.trim()
    if (header === undefined || header === '') return undefined
    try {
      return isVersion2(c)
        ? await guard.identify(c, services, header)
        : await identifyByKey(c, services, header)
    } catch (error) {
      if (isDomainError(error)) return { error }
      throw error
    }
  }
}

/** A key that is none is nobody: the route refuses, as it does without a key. */
async function identifyByKey(c: AppContext, services: Services, key: string): Promise<Identity | undefined> {
  const from = { address: c.get('address'), requestId: c.get('requestId') }
  return { principal: await services.platformKeys.principalOf('threatstack', key, from) }
}
