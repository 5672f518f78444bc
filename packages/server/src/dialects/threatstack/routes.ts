import { z } from 'zod'
import { type PlatformRoute, platformRoute } from '../platform/platform-route.ts'
import { makeAgentRoutes as makeAgentRoutesV1 } from './v1/agents.ts'
import { alertRoutes as alertRoutesV1 } from './v1/alerts.ts'
import { logRoutes } from './v1/logs.ts'
import { organizationRoutes as organizationRoutesV1 } from './v1/organizations.ts'
import { policyRoutes } from './v1/policies.ts'
import { agentRoutes } from './v2/agents.ts'
import { alertRoutes } from './v2/alerts.ts'
import { organizationRoutes, s3ExportRoutes } from './v2/organization.ts'
import { ruleRoutes } from './v2/rules.ts'
import { rulesetRoutes } from './v2/rulesets.ts'
import { serverRoutes } from './v2/servers.ts'
import { vulnerabilityRoutes } from './v2/vulnerabilities.ts'
import { webhookRoutes } from './v2/webhooks.ts'

/** Shows that a signature is right, by an answer that is signed too. */
const selfTest = platformRoute({
  method: 'GET',
  path: '/help/hawk/self-test',
  alsoAt: ['/v2/help/hawk/self-test'],
  summary: 'Whether requests are signed well; the answer is signed.',
  permission: 'user',
  answers: { 200: z.strictObject({ status: z.literal('ok') }) },
  handle: async () => ({ status: 'ok' }),
})

/** Every route of both versions, for one server. */
export function makeThreatStackRoutes(): readonly PlatformRoute[] {
  return [
    ...makeAgentRoutesV1(),
    ...alertRoutesV1,
    ...logRoutes,
    ...organizationRoutesV1,
    ...policyRoutes,
    selfTest,
    ...agentRoutes,
    ...alertRoutes,
    ...vulnerabilityRoutes,
    ...rulesetRoutes,
    ...ruleRoutes,
    ...serverRoutes,
    ...organizationRoutes,
    ...s3ExportRoutes,
    ...webhookRoutes,
  ]
}
