import {
  type ThreatStackServer,
  threatStackFlagSchema,
  threatStackServerSchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import type { Device } from '../../../services/devices/device-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { readAllFacts, readText } from '../wire/facts.ts'
import { makeToken, readQuestion } from '../wire/page-token.ts'
import { toAgent } from './agents.ts'
import { listAnswer, PAGE_SIZE, v2Route } from './v2-route.ts'

const RUNNING = 16
const STOPPED = 80

const serverQuestion = z.object({ monitored: z.string().optional(), verbose: z.string().optional() })
const serverQuery = serverQuestion.extend({
  monitored: threatStackFlagSchema,
  verbose: threatStackFlagSchema,
  token: z.string().optional(),
})

/** Machines of Amazon's cloud: hosts that say which instance they are. All of them have an agent, or they were not known. */
export const serverRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: '/aws/ec2',
    summary: 'Machines of Amazon’s cloud.',
    query: serverQuery,
    answers: { 200: listAnswer('servers', threatStackServerSchema) },
    handle: async ({ services, principal }, { query }) => {
      const { question, after } = readQuestion(
        'servers',
        z.object({ monitored: z.boolean().optional() }),
        query,
      )
      if (question.monitored === false) return { servers: [], token: null }
      const { items, next } = await services.devices.readPage(
        principal,
        { facts: { platform: 'threatstack', all: [{ path: 'instanceId', isTold: true }] } },
        { limit: PAGE_SIZE, ...(after === undefined ? {} : { after: Number(after) }) },
      )
      return {
        servers: items.map(toServer),
        token: next === undefined ? null : makeToken('servers', { monitored: question.monitored }, next),
      }
    },
  }),
]

function toServer(device: Device): ThreatStackServer {
  const facts = readAllFacts(device)
  const agent = toAgent(device)
  const { id, status, createdAt, lastReportedAt, version, name, description, hostname, kernel, osVersion } =
    agent
  const read = (key: string): string | null => readText(facts, key) ?? null
  const isUp = status === 'online'
  return {
    id: agent.instanceId ?? id,
    kernelId: read('kernelId'),
    instanceType: read('instanceType'),
    privateDnsName: read('privateDnsName'),
    privateIpAddress: agent.ipAddresses.private[0]?.split('/')[0] ?? null,
    groups: [],
    subnetId: read('subnetId'),
    keyName: read('keyName'),
    region: read('region'),
    launchTime: read('launchTime'),
    imageId: read('imageId'),
    architecture: read('architecture'),
    publicDnsName: read('publicDnsName'),
    publicIpAddress: agent.ipAddresses.public[0]?.split('/')[0] ?? null,
    vpcId: read('vpcId'),
    awsProfile: read('awsProfile'),
    monitored: true,
    tags: agent.tags.filter(({ source }) => source === 'ec2').map(({ key, value }) => ({ key, value })),
    state: isUp ? 'running' : 'stopped',
    stateCode: isUp ? RUNNING : STOPPED,
    agents: [
      {
        id,
        status,
        createdAt,
        lastReportedAt,
        version,
        name,
        description,
        hostname,
        isContainerAgent: false,
        kernel,
        osVersion,
      },
    ],
  }
}
