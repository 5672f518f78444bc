import type { SekoiaAsset, SekoiaAssetV1, sekoiaAssetAttributeSchema } from '@timeskein/model/sekoia'
import type { z } from 'zod'
import { makeNameUuid } from '../../../services/alert-words/alert-types.ts'
import { readAssetFacts } from '../../../services/assets/asset-service.ts'
import type { Device } from '../../../services/devices/device-service.ts'
import { toUuid } from '../../../services/row-uid.ts'
import { writeMoment } from '../../../services/search-jobs/flatten-event.ts'
import { writeTime } from './authorship.ts'

/** A device as an asset of the second version. @param community - Of the caller. */
export function toAsset(device: Device, community: string): SekoiaAsset {
  const facts = readAssetFacts(device) as Partial<SekoiaAsset>
  return {
    uuid: toUuid(device.uid),
    community_uuid: community,
    entity_uuid: facts.entity_uuid ?? null,
    name: device.name,
    type: 'host',
    category: facts.category ?? null,
    description: facts.description ?? '',
    criticality: facts.criticality ?? 0,
    source: facts.source ?? (device.source === 'events' ? 'automatic' : 'import'),
    props: facts.props ?? {},
    atoms: facts.atoms ?? {},
    tags: facts.tags ?? [],
    first_seen: device.firstUs === undefined ? null : writeMoment(device.firstUs),
    last_seen: device.lastUs === undefined ? null : writeMoment(device.lastUs),
    nb_events: 0,
    nb_alerts: 0,
    nb_atoms: Object.keys(facts.atoms ?? {}).length,
    created_at: writeTime(device.createdAtMs),
    updated_at: writeTime(device.updatedAtMs),
    revoked: false,
    revoked_at: null,
    reviewed: facts.reviewed ?? false,
    reviewed_at: null,
  }
}

/** The same in the words of the first version. */
export function toAssetV1(device: Device, community: string): SekoiaAssetV1 {
  const asset = toAsset(device, community)
  const category = asset.category ?? 'technical'
  return {
    uuid: asset.uuid,
    name: asset.name,
    description: asset.description,
    category: { uuid: makeNameUuid(`asset category ${category}`), name: category },
    asset_type: { uuid: makeNameUuid('asset type host'), name: 'host' },
    criticity: {
      value: asset.criticality,
      display: asset.criticality < 34 ? 'low' : asset.criticality < 67 ? 'medium' : 'high',
    },
    community_uuid: community,
    owners: readOwners(device),
    keys: readAttributes(device, 'keys'),
    attributes: readAttributes(device, 'attributes'),
    created_at: asset.created_at,
    updated_at: asset.updated_at,
  }
}

/** As a PUT said them. */
export function readOwners(device: Device): string[] {
  const { owners } = readAssetFacts(device) as { owners?: string[] }
  return owners ?? []
}

/** Something known of an asset. */
export type Attribute = z.output<typeof sekoiaAssetAttributeSchema>

/** What somebody said of it by name and value. */
export function readAttributes(device: Device, member: 'attributes' | 'keys'): Attribute[] {
  // Written by the routes above and by nothing else.
  return (readAssetFacts(device)[member] as Attribute[] | undefined) ?? []
}
