import { sekoiaRefusalSchema } from '@timeskein/model/sekoia'
import { z } from 'zod'
import type { MountDialect } from '../../http/create-app.ts'
import { mountPlatform, type Platform } from '../platform/mount-platform.ts'
import { answerRefusal } from './answer-refusal.ts'
import { identifyCaller } from './identify-caller.ts'
import { alertRoutes } from './routes/alerts.ts'
import { assetRoutes } from './routes/assets.ts'
import { caseRoutes } from './routes/cases.ts'
import { entityRoutes } from './routes/entities.ts'
import { exportRoutes } from './routes/exports.ts'
import { formatRoutes } from './routes/formats.ts'
import { intakeRoutes } from './routes/intakes.ts'
import { killChainRoutes } from './routes/kill-chains.ts'
import { makeLiveRoutes } from './routes/live.ts'
import { makePushRoutes } from './routes/push.ts'
import { queryRoutes } from './routes/queries.ts'
import { ruleRoutes } from './routes/rules.ts'
import { searchJobRoutes } from './routes/search-jobs.ts'
import { workspaceRoutes } from './routes/workspace.ts'

/** The API of Sekoia.io. */
export const SEKOIA: Platform = {
  name: 'sekoia',
  title: 'Timeskein, as Sekoia.io',
  makeRoutes: () => [
    ...workspaceRoutes,
    ...ruleRoutes,
    ...searchJobRoutes,
    ...exportRoutes,
    ...alertRoutes,
    ...killChainRoutes,
    ...caseRoutes,
    ...entityRoutes,
    ...intakeRoutes,
    ...formatRoutes,
    ...assetRoutes,
    ...queryRoutes,
    ...makeLiveRoutes(),
    ...makePushRoutes(),
  ],
  identify: identifyCaller,
  onError: answerRefusal,
  refusal: {
    type: 'application/json',
    schema: z.union([sekoiaRefusalSchema, z.object({ detail: sekoiaRefusalSchema })]),
  },
  securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } },
}

/** Mounts it under `/sekoia`. */
export const mountSekoia: MountDialect = (_app, deps) => mountPlatform(deps, SEKOIA)
