import {
  type SekoiaAsset,
  type SekoiaAssetV1,
  sekoiaAssetAttributeSchema,
  sekoiaAssetDraftSchema,
  sekoiaAssetSchema,
  sekoiaAssetV1Schema,
  sekoiaPageSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { makeNameUuid } from '../../../services/alert-words/alert-types.ts'
import { readAssetFacts } from '../../../services/assets/asset-service.ts'
import type { Device } from '../../../services/devices/device-service.ts'
import { toUuid } from '../../../services/row-uid.ts'
import { writeMoment } from '../../../services/search-jobs/flatten-event.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { type FieldReaders, pageItems } from '../request/narrow-list.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { writeTime } from '../shapes/authorship.ts'

const V1 = '/v1/asset-management/assets'
const V2 = '/v2/asset-management/assets'
const READ = ['ASSETMANAGEMENT_READ_ASSETS', 'SIC_READ_ASSETS']
const WRITE = ['ASSETMANAGEMENT_WRITE_ASSETS', 'SIC_WRITE_ASSETS']
const PAGE = 1000

const V2_RULES: ListRules = {
  sort: ['name', 'type', 'created_at', 'criticality'],
  defaultLimit: 20,
  maxLimit: 100,
}
const V2_READERS: FieldReaders<SekoiaAsset> = {
  name: (asset) => asset.name,
  type: (asset) => asset.type,
  created_at: (asset) => asset.created_at,
  criticality: (asset) => asset.criticality,
}
const V1_RULES: ListRules = {
  match: ['uuid', 'name', 'category_name', 'category_uuid', 'type_name', 'type_uuid'],
  date: ['created_at', 'updated_at'],
  range: ['criticality'],
  sort: ['name', 'created_at', 'updated_at', 'criticality'],
  defaultLimit: 20,
  maxLimit: 100,
}
const V1_READERS: FieldReaders<SekoiaAssetV1> = {
  uuid: (asset) => asset.uuid,
  name: (asset) => asset.name,
  category_name: (asset) => asset.category.name,
  category_uuid: (asset) => asset.category.uuid,
  type_name: (asset) => asset.asset_type.name,
  type_uuid: (asset) => asset.asset_type.uuid,
  created_at: (asset) => asset.created_at,
  updated_at: (asset) => asset.updated_at,
  criticality: (asset) => asset.criticity.value,
}
const text = z.string().optional()

/** Hosts, as assets. */
export const assetRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'GET',
    path: V2,
    summary: 'Assets.',
    permission: 'user',
    permissions: READ,
    query: listSchema(V2_RULES, {
      search: text,
      uuids: text,
      community_uuids: text,
      type: text,
      category: text,
      source: text,
      reviewed: text,
      criticality: text,
    }),
    answers: { 200: sekoiaPageSchema(sekoiaAssetSchema) },
    handle: async (call, { query }) => {
      const { uid } = await findCommunity(call.services, call.principal)
      const assets = (await listDevices(call, query['search'])).map((device) => toAsset(device, uid))
      const wanted = assets.filter((asset) => isWantedAsset(asset, query))
      return pageItems(wanted, readListRequest(query, V2_RULES, Date.now()), V2_READERS)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: V2,
    summary: 'Tells of a host.',
    permission: 'user',
    permissions: WRITE,
    body: sekoiaAssetDraftSchema,
    answers: { 200: sekoiaAssetSchema },
    handle: async (call, { body }) => {
      const { name, community_uuid: _, ...facts } = body
      if (facts.type !== 'host')
        throw invalid('asset-type-not-kept', `Assets of the type host are kept; found "${facts.type}".`)
      return await showAsset(call, await call.services.assets.create(call.principal, name, facts))
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${V2}/:assetId`,
    summary: 'An asset.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaAssetSchema },
    handle: async (call, { params }) =>
      await showAsset(call, await call.services.devices.get(call.principal, params.assetId)),
  }),
  ...[V1, V2].map((path) =>
    sekoiaRoute({
      method: 'DELETE',
      path: `${path}/:assetId`,
      summary: 'Forgets an asset; it is known again when it is seen again.',
      permission: 'user',
      permissions: WRITE,
      answers: { 204: null },
      handle: async ({ services, principal }, { params }) =>
        await services.devices.delete(principal, params.assetId),
    }),
  ),
  sekoiaRoute({
    method: 'GET',
    path: V1,
    summary: 'Assets, in the words of the first version.',
    permission: 'user',
    permissions: READ,
    query: listSchema(V1_RULES),
    answers: { 200: sekoiaPageSchema(sekoiaAssetV1Schema) },
    handle: async (call, { query }) => {
      const { uid } = await findCommunity(call.services, call.principal)
      const assets = (await listDevices(call, undefined)).map((device) => toAssetV1(device, uid))
      return pageItems(assets, readListRequest(query, V1_RULES, Date.now()), V1_READERS)
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${V1}/:assetId`,
    summary: 'An asset, in the words of the first version.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaAssetV1Schema },
    handle: async (call, { params }) => {
      const device = await call.services.devices.get(call.principal, params.assetId)
      return toAssetV1(device, (await findCommunity(call.services, call.principal)).uid)
    },
  }),
  sekoiaRoute({
    method: 'PUT',
    path: `${V1}/:assetId`,
    summary: 'Says more of an asset.',
    permission: 'user',
    permissions: WRITE,
    body: z.object({
      description: z.string().max(10_000).optional(),
      criticity: z.union([z.int().min(0).max(100), z.object({ value: z.int().min(0).max(100) })]).optional(),
      category: z.union([z.string(), z.object({ name: z.string() })]).optional(),
      owners: z.array(z.string()).optional(),
    }),
    answers: { 200: sekoiaAssetV1Schema },
    handle: async (call, { params, body }) => {
      const { services, principal } = call
      const { description, criticity, category, owners } = body
      const device = await services.assets.update(principal, params.assetId, {
        ...(description === undefined ? {} : { description }),
        ...(criticity === undefined
          ? {}
          : { criticality: typeof criticity === 'number' ? criticity : criticity.value }),
        ...(category === undefined
          ? {}
          : { category: typeof category === 'string' ? category : category.name }),
        ...(owners === undefined ? {} : { owners }),
      })
      return toAssetV1(device, (await findCommunity(services, principal)).uid)
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${V1}/:assetId/owners`,
    summary: 'Who is said to own an asset.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaPageSchema(z.string()) },
    handle: async ({ services, principal }, { params }) => {
      const items = readOwners(await services.devices.get(principal, params.assetId))
      return { items, total: items.length }
    },
  }),
  ...(['attr', 'keys'] as const).flatMap((kind) => attributeRoutes(kind)),
]

/** What is known of an asset by name and value: `attr` and `keys`. */
function attributeRoutes(kind: 'attr' | 'keys'): readonly PlatformRoute[] {
  const path = `${V1}/:assetId/${kind}` as const
  const member = kind === 'attr' ? 'attributes' : 'keys'
  return [
    sekoiaRoute({
      method: 'GET',
      path,
      summary: `The ${member} of an asset.`,
      permission: 'user',
      permissions: READ,
      answers: { 200: sekoiaPageSchema(sekoiaAssetAttributeSchema) },
      handle: async ({ services, principal }, { params }) => {
        const items = readAttributes(await services.devices.get(principal, params.assetId), member)
        return { items, total: items.length }
      },
    }),
    sekoiaRoute({
      method: 'POST',
      path,
      summary: `Adds to the ${member} of an asset; name and value stand in the address.`,
      permission: 'user',
      permissions: WRITE,
      query: z.object({ name: z.string().min(1).max(255), value: z.string().max(10_000) }),
      answers: { 200: sekoiaAssetAttributeSchema },
      handle: async ({ services, principal }, { params, query }) => {
        const device = await services.devices.get(principal, params.assetId)
        const { name, value } = query
        const added = { uuid: makeNameUuid(`${member} ${device.uid} ${name}`), name, value }
        const others = readAttributes(device, member).filter(({ uuid }) => uuid !== added.uuid)
        await services.assets.update(principal, device.uid, { [member]: [...others, added] })
        return added
      },
    }),
    sekoiaRoute({
      method: 'DELETE',
      path: `${path}/:attributeId`,
      summary: `Takes one of the ${member} of an asset away.`,
      permission: 'user',
      permissions: WRITE,
      answers: { 204: null },
      handle: async ({ services, principal }, { params }) => {
        const device = await services.devices.get(principal, params.assetId)
        const id = params.attributeId
        const others = readAttributes(device, member).filter(({ uuid }) => uuid !== id)
        await services.assets.update(principal, device.uid, { [member]: others })
      },
    }),
  ]
}

async function listDevices({ services, principal }: UserCall, search: unknown): Promise<readonly Device[]> {
  const filter = typeof search === 'string' && search !== '' ? { text: search } : {}
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

async function showAsset({ services, principal }: UserCall, device: Device): Promise<SekoiaAsset> {
  return toAsset(device, (await findCommunity(services, principal)).uid)
}

function toAsset(device: Device, community: string): SekoiaAsset {
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

function toAssetV1(device: Device, community: string): SekoiaAssetV1 {
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
function readOwners(device: Device): string[] {
  const { owners } = readAssetFacts(device) as { owners?: string[] }
  return owners ?? []
}

type Attribute = z.output<typeof sekoiaAssetAttributeSchema>

function readAttributes(device: Device, member: 'attributes' | 'keys'): Attribute[] {
  // Written by the routes above and by nothing else.
  return (readAssetFacts(device)[member] as Attribute[] | undefined) ?? []
}

function isWantedAsset(asset: SekoiaAsset, query: Readonly<Record<string, unknown>>): boolean {
  const list = (name: string): readonly string[] | undefined =>
    typeof query[name] === 'string' && query[name] !== '' ? String(query[name]).split(',') : undefined
  return (
    list('uuids')?.includes(asset.uuid) !== false &&
    list('community_uuids')?.includes(asset.community_uuid) !== false &&
    list('type')?.includes(asset.type) !== false &&
    list('category')?.includes(asset.category ?? '') !== false &&
    list('source')?.includes(asset.source) !== false &&
    list('reviewed')?.includes(String(asset.reviewed)) !== false &&
    asset.criticality >= Number(list('criticality')?.[0] ?? 0)
  )
}
