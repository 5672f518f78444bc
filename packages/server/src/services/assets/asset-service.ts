import type { Principal } from '../../auth/principal.ts'
import { conflict } from '../../errors/domain-error.ts'
import type { Device, DeviceService, SeenDevice } from '../devices/device-service.ts'
import { storeDevices } from '../devices/store-devices.ts'
import { requireName } from '../names.ts'
import { findDefaultOrganisation } from '../organisations/organisation-service.ts'
import type { ServiceContext } from '../service-context.ts'

/** Under which source a device keeps what is said of it as an asset. */
export const ASSET_SOURCE = 'sekoia'

/** Devices as assets: somebody may tell of hosts that no event has shown yet, and say more of those that there are. */
export interface AssetService {
  /** @throws {DomainError} `conflict` (`asset-exists`), `invalid` (`bad-name`). */
  create(principal: Principal, name: string, facts: Readonly<Record<string, unknown>>): Promise<Device>
  /** Members that are given take the place of those there are. @throws {DomainError} `not-found` (`device-not-found`). */
  update(principal: Principal, id: string, facts: Readonly<Record<string, unknown>>): Promise<Device>
}

/** Kept with the devices. */
export function createAssetService(context: ServiceContext, devices: DeviceService): AssetService {
  const { db, audit, now } = context
  const store = async (seen: SeenDevice): Promise<void> => {
    const organisationId = await findDefaultOrganisation(db)
    await db.transaction().execute((transaction) => storeDevices(transaction, organisationId, [seen], now()))
  }
  return {
    async create(principal, name, facts) {
      requireName('asset', name)
      if ((await devices.count(principal, { name })) > 0)
        throw conflict('asset-exists', `There is an asset called ${JSON.stringify(name)} already.`)
      await store({ name, source: ASSET_SOURCE, details: { [ASSET_SOURCE]: facts } })
      const { items } = await devices.readPage(principal, { name }, { limit: 1 })
      const device = items[0]
      if (!device)
        throw conflict('asset-exists', `${JSON.stringify(name)} is known in a sketch that you may not read.`)
      await audit.record(principal, {
        action: 'device.create',
        subject: `device/${device.uid}`,
        details: { name },
      })
      return device
    },
    async update(principal, id, facts) {
      const device = await devices.get(principal, id)
      const { name, source } = device
      const { details_json, name_key: nameKey } = await db
        .selectFrom('devices')
        .select(['details_json', 'name_key'])
        .where('id', '=', device.id)
        .executeTakeFirstOrThrow()
      // Also records that the caller may not see: they stay.
      const known = JSON.parse(details_json) as Readonly<Record<string, unknown>>
      const details = { ...known, [ASSET_SOURCE]: { ...readAssetFacts(device), ...facts } }
      await store({ name, nameKey, source, details })
      await audit.record(principal, {
        action: 'device.update',
        subject: `device/${device.uid}`,
        details: { ...facts },
      })
      return await devices.get(principal, device.uid)
    },
  }
}

/** What somebody said of a device as an asset. */
export function readAssetFacts(device: Device): Readonly<Record<string, unknown>> {
  const facts = device.details[ASSET_SOURCE]
  return typeof facts === 'object' && facts !== null ? (facts as Record<string, unknown>) : {}
}
