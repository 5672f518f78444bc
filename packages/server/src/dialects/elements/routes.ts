import type { PlatformRoute } from '../platform/platform-route.ts'
import { auditLogRoutes } from './routes/audit-logs.ts'
import { deviceRoutes } from './routes/devices.ts'
import { incidentUpdateRoutes } from './routes/incident-updates.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { invitationRoutes } from './routes/invitations.ts'
import { operationRoutes } from './routes/operations.ts'
import { profileRoutes } from './routes/profiles.ts'
import { responseActionRoutes } from './routes/response-actions.ts'
import { securityEventRoutes } from './routes/security-events.ts'
import { softwareUpdateRoutes } from './routes/software-updates.ts'
import { workspaceRoutes } from './routes/workspace.ts'
import { tokenRoute } from './tokens/token-route.ts'

/** Every route of the dialect, in the order of its document. */
export const ELEMENTS_ROUTES: readonly PlatformRoute[] = [
  tokenRoute,
  ...securityEventRoutes,
  ...deviceRoutes,
  ...operationRoutes,
  ...incidentRoutes,
  ...incidentUpdateRoutes,
  ...responseActionRoutes,
  ...softwareUpdateRoutes,
  ...invitationRoutes,
  ...profileRoutes,
  ...auditLogRoutes,
  ...workspaceRoutes,
]
