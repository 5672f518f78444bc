import type { DialectDeps } from '../../http/app-types.ts'
import type { Route } from './route.ts'
import { alertRoutes } from './routes/alerts.ts'
import { auditRoutes } from './routes/audit.ts'
import { changeRoutes } from './routes/changes.ts'
import { connectorRoutes } from './routes/connectors.ts'
import { detectionRoutes } from './routes/detection.ts'
import { exportRoutes } from './routes/export.ts'
import { importRoutes } from './routes/imports.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { keyRoutes } from './routes/keys.ts'
import { markRoutes } from './routes/marks.ts'
import { questionRoutes } from './routes/questions.ts'
import { ruleRoutes } from './routes/rules.ts'
import { searchRoutes } from './routes/search.ts'
import { listSessionRoutes } from './routes/session.ts'
import { sketchRoutes } from './routes/sketches.ts'
import { systemRoutes } from './routes/system.ts'
import { timelineRoutes } from './routes/timelines.ts'
import { userRoutes } from './routes/users.ts'

/** Every route of our own API, in the order of the document. */
export function listRoutes(deps: Pick<DialectDeps, 'setSessionCookie'>): readonly Route[] {
  return [
    ...listSessionRoutes(deps),
    ...userRoutes,
    ...keyRoutes,
    ...sketchRoutes,
    ...timelineRoutes,
    ...searchRoutes,
    ...questionRoutes,
    ...exportRoutes,
    ...markRoutes,
    ...importRoutes,
    ...connectorRoutes,
    ...ruleRoutes,
    ...detectionRoutes,
    ...alertRoutes,
    ...incidentRoutes,
    ...changeRoutes,
    ...auditRoutes,
    ...systemRoutes,
  ]
}
