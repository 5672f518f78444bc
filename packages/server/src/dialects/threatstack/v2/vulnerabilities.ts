import {
  type ThreatStackVulnerability,
  threatStackFlagSchema,
  threatStackVulnerabilitySchema,
  threatStackVulnerabilitySuppressionSchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import { notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { listWeaknesses, type Weakness } from '../../../services/weaknesses/list-weaknesses.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { toIso } from '../wire/facts.ts'
import { idOfAgent } from '../wire/ids.ts'
import { listAnswer, v2Route } from './v2-route.ts'

const listQuery = z.object({
  status: z.string().optional(),
  active: threatStackFlagSchema,
  hasSecurityNotices: threatStackFlagSchema,
  agentId: z.string().optional(),
  token: z.string().optional(),
})
const serverSchema = z.object({ agentId: z.string(), hostname: z.string() })
const suppressionList = listAnswer('suppressions', threatStackVulnerabilitySuppressionSchema)

/** Weaknesses that hosts were attacked by: those that rules name, whose alerts there are. */
export const vulnerabilityRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: '/vulnerabilities',
    summary: 'Weaknesses, by number. active leaves those out of which nothing is to be told.',
    query: listQuery,
    answers: { 200: listAnswer('cves', threatStackVulnerabilitySchema) },
    handle: async (call, { query }) => {
      const device = query.agentId === undefined ? undefined : await requireDevice(call, query.agentId)
      const isActive = query.active === true || query.status === 'active'
      const found = (await listWeaknesses(call.services, call.principal))
        .filter((one) => device === undefined || one.devices.some(({ uid }) => uid === device))
        .filter((one) => !isActive || !one.isSuppressed)
      return { cves: found.map(toVulnerability), token: null }
    },
  }),
  ...['/vulnerabilities/suppressions', '/vulnerabilities/suppressed'].map((path) =>
    v2Route({
      method: 'GET',
      path,
      summary: 'Weaknesses of which nothing is to be told.',
      query: z.object({ active: threatStackFlagSchema, token: z.string().optional() }),
      answers: { 200: suppressionList },
      handle: async (call, { query }) => ({
        suppressions: await listSuppressions(call, query.active),
        token: null,
      }),
    }),
  ),
  v2Route({
    method: 'GET',
    path: '/vulnerabilities/package/:package',
    summary: 'Weaknesses of a package.',
    query: z.object({ token: z.string().optional(), status: z.string().optional() }),
    answers: { 200: listAnswer('packages', threatStackVulnerabilitySchema) },
    handle: async (call, { params }) => {
      const wanted = params.package
      const found = (await listWeaknesses(call.services, call.principal)).map(toVulnerability)
      return { packages: found.filter(({ reportedPackage }) => reportedPackage === wanted), token: null }
    },
  }),
  ...['server', 'agent'].map((kind) =>
    v2Route({
      method: 'GET',
      path: `/vulnerabilities/${kind}/:agentId`,
      summary: 'Weaknesses of a host.',
      query: z.object({ token: z.string().optional() }),
      answers: { 200: listAnswer('cves', threatStackVulnerabilitySchema) },
      handle: async (call, { params }) => {
        const uid = await requireDevice(call, params.agentId)
        const found = await listWeaknesses(call.services, call.principal)
        return {
          cves: found
            .filter(({ devices }) => devices.some((device) => device.uid === uid))
            .map(toVulnerability),
          token: null,
        }
      },
    }),
  ),
  v2Route({
    method: 'GET',
    path: '/vulnerabilities/:cve',
    summary: 'One weakness.',
    answers: { 200: threatStackVulnerabilitySchema },
    handle: async (call, { params }) => toVulnerability(await requireWeakness(call, params.cve)),
  }),
  v2Route({
    method: 'GET',
    path: '/vulnerabilities/:cve/servers',
    summary: 'The hosts that were attacked by it.',
    query: z.object({ token: z.string().optional() }),
    answers: { 200: listAnswer('servers', serverSchema) },
    handle: async (call, { params }) => {
      const { devices } = await requireWeakness(call, params.cve)
      return {
        servers: devices.map((device) => ({ agentId: idOfAgent(device, 2), hostname: device.name })),
        token: null,
      }
    },
  }),
]

async function requireDevice({ services, principal }: UserCall, id: string): Promise<string> {
  return (await services.devices.get(principal, id)).uid
}

async function requireWeakness({ services, principal }: UserCall, cve: string): Promise<Weakness> {
  const found = (await listWeaknesses(services, principal)).find((one) => one.cve === cve.toUpperCase())
  if (!found) throw notFound('vulnerability', cve.slice(0, 64))
  return found
}

async function listSuppressions(
  { services, principal }: UserCall,
  isActive: boolean | undefined,
): Promise<z.output<typeof threatStackVulnerabilitySuppressionSchema>[]> {
  const all = (await listWeaknesses(services, principal)).flatMap(({ cve, suppressions }) =>
    suppressions.map((one) => ({
      id: one.uid,
      cveNumber: cve,
      systemPackage: '',
      agentId: null,
      reason: one.reason,
      createdBy: '',
      createdAt: toIso(one.createdAtMs),
      active: one.untilMs === undefined || one.untilMs > Date.now(),
    })),
  )
  return all.filter(({ active }) => isActive === undefined || active === isActive)
}

function toVulnerability({
  cve,
  title,
  severity,
  isSuppressed,
  devices,
}: Weakness): ThreatStackVulnerability {
  return {
    cveNumber: cve,
    reportedPackage: title,
    systemPackage: title,
    vectorType: 'network',
    severity: severity >= 70 ? 'high' : severity >= 40 ? 'medium' : 'low',
    isSuppressed,
    agents: devices.map((device) => ({ agentId: idOfAgent(device, 2) })),
  }
}
