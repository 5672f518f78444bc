import type { UserCall } from '../../http/app-types.ts'
import type { Device, DeviceFilter } from '../../services/devices/device-service.ts'
import type { ListRequest } from './request/list-request.ts'
import { type FieldReaders, pageItems } from './request/narrow-list.ts'

/** Devices that are read at once where all are looked at. */
const PAGE = 1000

/** How a list of assets is asked for. */
export interface AssetList<Asset> {
  readonly request: ListRequest
  /** What the database is asked. */
  readonly filter: Pick<DeviceFilter, 'text' | 'ids'>
  /** What each asset is asked beside that; undefined where nothing is. */
  readonly isWanted: ((asset: Asset) => boolean) | undefined
  readonly show: (device: Device) => Asset
  readonly readers: FieldReaders<Asset>
}

/**
 * The page of assets that somebody wants. Where the database can be asked for it that costs a page; other conditions, and orders, cost
 * a look at every device.
 */
export async function listAssets<Asset>(
  call: UserCall,
  { request, filter, isWanted, show, readers }: AssetList<Asset>,
): Promise<{ readonly items: readonly Asset[]; readonly total: number; readonly has_more: boolean }> {
  const { match, nomatch, date, range, sort, limit, offset } = request
  const isAskedWhole =
    !isWanted && sort === undefined && [match, nomatch, date, range].every((one) => one.size === 0)
  if (isAskedWhole) {
    const { devices } = call.services
    const { items } = await devices.readPage(call.principal, filter, { limit, offset })
    const total = await devices.count(call.principal, filter)
    return { items: items.map(show), total, has_more: offset + items.length < total }
  }
  const assets = (await readAll(call, filter)).map(show)
  return pageItems(isWanted ? assets.filter(isWanted) : assets, request, readers)
}

async function readAll({ services, principal }: UserCall, filter: DeviceFilter): Promise<readonly Device[]> {
  const devices: Device[] = []
  for (let after: number | undefined; ; ) {
    const page = await services.devices.readPage(principal, filter, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    devices.push(...page.items)
    if (page.next === undefined) return devices
    after = page.next
  }
}
