import {
  type ThreatStackAgent,
  threatStackAgentSchema,
  threatStackPageQuerySchema,
  threatStackWholeQuerySchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import type { Device } from '../../../services/devices/device-service.ts'
import type { Organisation } from '../../../services/organisations/organisation-service.ts'
import { toShortUid, toUuid } from '../../../services/row-uid.ts'
import { PagePlaces } from '../../platform/page-places.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { nameCaller } from '../../platform/throttle.ts'
import { listRulesets } from '../rules/rulesets.ts'
import {
  isOnline,
  lastSeen,
  readAllFacts,
  readObject,
  readText,
  readTexts,
  readTime,
  toIso,
} from '../wire/facts.ts'
import { pickFields } from '../wire/fields.ts'
import { idOfAgent } from '../wire/ids.ts'
import { readSpan } from '../wire/times.ts'
import { lastWeek, partly, readPage, v1Route } from './v1-route.ts'

/** Hosts, whose list is gone through from where a caller's last page ended. */
export function makeAgentRoutes(): readonly PlatformRoute[] {
  const places = new PagePlaces(() => performance.now())
  return [
    v1Route('/agents', {
      summary:
        'Hosts that were seen in a stretch of time, by default the last week, and those that are online.',
      query: threatStackPageQuerySchema,
      answer: z.array(partly(threatStackAgentSchema)),
      handle: async ({ services, principal, organisation }, { query }) => {
        const { startMs, endMs } = readSpan(query, lastWeek(Date.now()))
        const seen = { fromUs: BigInt(startMs) * 1000n, toUs: BigInt(endMs) * 1000n + 999n }
        const filter = { organisationId: organisation.id, seen }
        const { limit, offset } = readPage(query)
        const list = JSON.stringify([nameCaller(principal), organisation.id, query.start, query.end])
        const { items, next } = await services.devices.readPage(principal, filter, {
          limit,
          ...places.find(list, offset),
        })
        if (next !== undefined) places.note(list, offset + items.length, next)
        const [base] = await listRulesets(services, principal)
        return items.map((device) => pickFields(toAgent(device, organisation, base!.id), query.fields))
      },
    }),
    v1Route('/agents/:agentId', {
      summary: 'One host, by id or agent_id.',
      query: threatStackWholeQuerySchema,
      answer: partly(threatStackAgentSchema),
      handle: async ({ services, principal, organisation }, { params, query: { fields } }) => {
        const device = await services.devices.get(principal, readAgentId(params.agentId, organisation))
        const [base] = await listRulesets(services, principal)
        return pickFields(toAgent(device, organisation, base!.id), fields)
      },
    }),
  ]
}

/** An `agent_id` of ours begins with the organisation. */
function readAgentId(id: string, { uid }: Organisation): string {
  const prefix = `${toShortUid(uid)}-`
  return id.startsWith(prefix) ? id.slice(prefix.length) : id
}

function toAgent(device: Device, organisation: Organisation, policyId: string): ThreatStackAgent {
  const facts = readAllFacts(device)
  const organisationId = toShortUid(organisation.uid)
  const createdAt =
    readTime(facts, 'created_at', 'createdAt', 'registrationTimestamp') ?? toIso(device.createdAtMs)
  const { private: own, public: other } = readObject(facts['ipAddresses'])
  const [address] = [...readTexts(own), ...readTexts(other)]
  return {
    id: idOfAgent(device, 1),
    agent_id: readText(facts, 'agent_id') ?? `${organisationId}-${toUuid(device.uid)}`,
    organization_id: organisationId,
    policy_id: toShortUid(policyId),
    name: readText(facts, 'name') ?? device.name,
    description: readText(facts, 'description') ?? '',
    hostname: readText(facts, 'hostname') ?? device.name,
    ip_address: readText(facts, 'ip_address') ?? address?.split('/')[0] ?? '',
    version: readText(facts, 'version', 'clientVersion') ?? '',
    status: readText(facts, 'status') ?? device.decided.state ?? 'active',
    online: isOnline(device),
    enabled: device.decided.state !== 'blocked' && facts['enabled'] !== false,
    pause: facts['pause'] === true,
    activated_at: readTime(facts, 'activated_at') ?? createdAt,
    created_at: createdAt,
    updated_at: readTime(facts, 'updated_at') ?? toIso(device.updatedAtMs),
    last_reported_at: lastSeen(device),
  }
}
