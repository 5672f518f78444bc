import {
  type ThreatStackAgentV2,
  type ThreatStackTag,
  threatStackAgentV2Schema,
  threatStackFieldsSchema,
  threatStackTokenQuerySchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { Device, DeviceFilter } from '../../../services/devices/device-service.ts'
import type { FactFilter } from '../../../services/json-facts.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import {
  isOnline,
  lastSeen,
  readAllFacts,
  readObject,
  readOwnFacts,
  readText,
  readTexts,
  readTime,
  toIso,
} from '../wire/facts.ts'
import { pickFields } from '../wire/fields.ts'
import { idOfAgent } from '../wire/ids.ts'
import { makeToken, readQuestion } from '../wire/page-token.ts'
import { readFromUntil } from '../wire/times.ts'
import { listAnswer, PAGE_SIZE, v2Route } from './v2-route.ts'

const agentQuestion = z.object({
  status: z.string().optional(),
  type: z.enum(['monitor', 'investigate']).optional(),
  hostname: z.string().optional(),
  instanceId: z.string().optional(),
  from: z.string().optional(),
  until: z.string().optional(),
  fields: threatStackFieldsSchema,
})

/** Hosts. */
export const agentRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: '/agents',
    summary: 'Hosts, in the order they became known. status is required.',
    query: agentQuestion.extend(threatStackTokenQuerySchema.shape),
    answers: { 200: listAnswer('agents', threatStackAgentV2Schema.partial()) },
    handle: async ({ services, principal }, { query }) => {
      const { question, after } = readQuestion('agents', agentQuestion, query)
      const { items, next } = await services.devices.readPage(principal, toFilter(question), {
        limit: PAGE_SIZE,
        ...(after === undefined ? {} : { after: Number(after) }),
      })
      return {
        agents: items
          .filter(isOfTime(question))
          .map((device) => pickFields(toAgent(device), question.fields)),
        token: next === undefined ? null : makeToken('agents', question, next),
      }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/agents/:agentId',
    summary: 'One host.',
    query: z.object({ fields: threatStackFieldsSchema }),
    answers: { 200: threatStackAgentV2Schema.partial() },
    handle: async ({ services, principal }, { params, query }) =>
      pickFields(toAgent(await services.devices.get(principal, params.agentId)), query.fields),
  }),
]

function toFilter({ status, type, hostname, instanceId }: z.output<typeof agentQuestion>): DeviceFilter {
  if (status === undefined) throw invalid('status-required', 'status is required')
  if (status !== 'online' && status !== 'offline')
    throw invalid(
      'bad-status',
      `status: online or offline was expected, found ${JSON.stringify(status.slice(0, 40))}.`,
    )
  const facts: FactFilter[] = [
    ...(type === undefined ? [] : [{ path: 'agentType', oneOf: [type], ifMissing: 'investigate' }]),
    ...(instanceId === undefined ? [] : [{ path: 'instanceId', oneOf: [instanceId] }]),
  ]
  return {
    isOnline: status === 'online',
    ...(hostname === undefined ? {} : { name: hostname }),
    ...(facts.length === 0 ? {} : { facts: { platform: 'threatstack', all: facts } }),
  }
}

/** By when they were made; pages of a narrow stretch may be short, and their token goes on. */
function isOfTime(question: z.output<typeof agentQuestion>): (device: Device) => boolean {
  const { fromMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = readFromUntil(question)
  return (device) => {
    const ms = Date.parse(createdAt(device))
    return ms >= fromMs && ms < untilMs
  }
}

function createdAt(device: Device): string {
  const facts = readAllFacts(device)
  return readTime(facts, 'createdAt', 'created_at', 'registrationTimestamp') ?? toIso(device.createdAtMs)
}

/** A host as version 2 tells it; the vendor's own script warns of members that it does not know. */
export function toAgent(device: Device): ThreatStackAgentV2 {
  const facts = readAllFacts(device)
  const addresses = readObject(facts['ipAddresses'])
  const address = readText(facts, 'ip_address')
  return {
    id: idOfAgent(device, 2),
    instanceId: readText(facts, 'instanceId') ?? null,
    status: isOnline(device) ? 'online' : 'offline',
    createdAt: createdAt(device),
    lastReportedAt: lastSeen(device),
    version: readText(facts, 'version', 'clientVersion') ?? '',
    name: readText(facts, 'name') ?? device.name,
    description: readText(facts, 'description') ?? '',
    hostname: readText(facts, 'hostname') ?? device.name,
    ipAddresses: {
      private: [...readTexts(addresses['private']), ...(address === undefined ? [] : [address])],
      link_local: [...readTexts(addresses['link_local'])],
      public: [...readTexts(addresses['public'])],
    },
    tags: readTags(facts['tags']),
    agentType: readText(facts, 'agentType') ?? 'investigate',
    osVersion: readText(facts, 'osVersion') ?? readText(readObject(facts['os']), 'name') ?? null,
    kernel: readText(facts, 'kernel') ?? null,
    agentModuleHealth: readHealth(device),
  }
}

/** Tags of a cloud's machine. */
export function readTags(value: unknown): ThreatStackTag[] {
  if (!Array.isArray(value)) return []
  return value.map(readObject).flatMap((tag) => {
    const key = readText(tag, 'key')
    return key === undefined
      ? []
      : [{ source: readText(tag, 'source') ?? 'ec2', key, value: readText(tag, 'value') ?? '' }]
  })
}

/** Told where the platform tells it whole: clients read `isHealthy` wherever there is something. */
function readHealth(device: Device): Record<string, unknown> | null {
  const health = readObject(readOwnFacts(device)['agentModuleHealth'])
  return typeof health['isHealthy'] === 'boolean' ? { ...health } : null
}
