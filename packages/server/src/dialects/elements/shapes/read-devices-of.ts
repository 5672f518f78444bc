import type { UserCall } from '../../../http/app-types.ts'
import type { DeviceFilter } from '../../../services/devices/device-service.ts'
import { PLATFORM } from './device.ts'
import { readOrganization } from './organizations.ts'

/** Whose devices are meant, as `readOrganization` reads it. */
export async function readDevicesOf(
  call: UserCall,
  organizationId: string | null | undefined,
): Promise<Pick<DeviceFilter, 'organisationId' | 'facts'>> {
  const { organisationId, facts } = await readOrganization(call, organizationId, 'company.id')
  return {
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(facts.length === 0 ? {} : { facts: { platform: PLATFORM, all: facts } }),
  }
}
