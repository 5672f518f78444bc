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
import type { Device } from '../../../services/devices/device-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { listAssets } from '../list-assets.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import type { FieldReaders } from '../request/narrow-list.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { readAttributes, readOwners, toAsset, toAssetV1 } from '../shapes/to-asset.ts'

const V1 = '/v1/asset-management/assets'
const V2 = '/v2/asset-management/assets'
const READ = ['ASSETMANAGEMENT_READ_ASSETS', 'SIC_READ_ASSETS']
const WRITE = ['ASSETMANAGEMENT_WRITE_ASSETS', 'SIC_WRITE_ASSETS']

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
/** What the first version says of an asset. */
const changeSchema = z.object({
  description: z.string().max(10_000).optional(),
  criticity: z.union([z.int().min(0).max(100), z.object({ value: z.int().min(0).max(100) })]).optional(),
  category: z.union([z.string(), z.object({ name: z.string() })]).optional(),
  owners: z.array(z.string()).optional(),
})

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
      const uuids = listValues(query, 'uuids')
      return await listAssets(call, {
        request: readListRequest(query, V2_RULES, Date.now()),
        filter: {
          ...(typeof query['search'] === 'string' && query['search'] !== '' ? { text: query['search'] } : {}),
          ...(uuids === undefined ? {} : { ids: uuids }),
        },
        isWanted: narrowsAssets(query) ? (asset) => isWantedAsset(asset, query) : undefined,
        show: (device) => toAsset(device, uid),
        readers: V2_READERS,
      })
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
      requireHost(facts.type)
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
      return await listAssets(call, {
        request: readListRequest(query, V1_RULES, Date.now()),
        filter: {},
        isWanted: undefined,
        show: (device) => toAssetV1(device, uid),
        readers: V1_READERS,
      })
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: V1,
    summary: 'Tells of a host, in the words of the first version.',
    permission: 'user',
    permissions: WRITE,
    body: changeSchema.extend({
      name: z.string().min(2).max(255),
      asset_type: z.union([z.string(), z.object({ name: z.string() })]).optional(),
    }),
    answers: { 200: sekoiaAssetV1Schema },
    handle: async ({ services, principal }, { body }) => {
      const type = typeof body.asset_type === 'object' ? body.asset_type.name : (body.asset_type ?? 'host')
      requireHost(type)
      const device = await services.assets.create(principal, body.name, toFacts(body))
      return toAssetV1(device, (await findCommunity(services, principal)).uid)
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
    body: changeSchema,
    answers: { 200: sekoiaAssetV1Schema },
    handle: async (call, { params, body }) => {
      const { services, principal } = call
      const device = await services.assets.update(principal, params.assetId, toFacts(body))
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

/** @throws {DomainError} `invalid` (`asset-type-not-kept`). */
function requireHost(type: string): void {
  if (type !== 'host')
    throw invalid(
      'asset-type-not-kept',
      `Assets of the type host are kept; found ${JSON.stringify(type.slice(0, 64))}.`,
    )
}

function toFacts({
  description,
  criticity,
  category,
  owners,
}: z.output<typeof changeSchema>): Readonly<Record<string, unknown>> {
  return {
    ...(description === undefined ? {} : { description }),
    ...(criticity === undefined
      ? {}
      : { criticality: typeof criticity === 'number' ? criticity : criticity.value }),
    ...(category === undefined ? {} : { category: typeof category === 'string' ? category : category.name }),
    ...(owners === undefined ? {} : { owners }),
  }
}

async function showAsset({ services, principal }: UserCall, device: Device): Promise<SekoiaAsset> {
  return toAsset(device, (await findCommunity(services, principal)).uid)
}

type Query = Readonly<Record<string, unknown>>

/** Values of a parameter; undefined where it has none. */
function listValues(query: Query, name: string): readonly string[] | undefined {
  const value = query[name]
  return typeof value === 'string' && value !== '' ? value.split(',') : undefined
}

const NARROWING = ['uuids', 'community_uuids', 'category', 'source', 'reviewed', 'criticality'] as const

/** Whether each asset must be looked at: all of them are hosts, so whoever asks for these asks for all. */
function narrowsAssets(query: Query): boolean {
  return (
    NARROWING.some((name) => listValues(query, name) !== undefined) ||
    listValues(query, 'type')?.includes('host') === false
  )
}

function isWantedAsset(asset: SekoiaAsset, query: Query): boolean {
  return (
    listValues(query, 'uuids')?.includes(asset.uuid) !== false &&
    listValues(query, 'community_uuids')?.includes(asset.community_uuid) !== false &&
    listValues(query, 'type')?.includes(asset.type) !== false &&
    listValues(query, 'category')?.includes(asset.category ?? '') !== false &&
    listValues(query, 'source')?.includes(asset.source) !== false &&
    listValues(query, 'reviewed')?.includes(String(asset.reviewed)) !== false &&
    asset.criticality >= Number(listValues(query, 'criticality')?.[0] ?? 0)
  )
}
