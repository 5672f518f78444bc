import { threatStackErrorsSchema, threatStackRefusalSchema } from '@timeskein/model/threatstack'
import { z } from 'zod'
import type { App, DialectDeps } from '../../http/app-types.ts'
import { mountPlatform, type Platform } from '../platform/mount-platform.ts'
import { makeThreatStackRoutes } from './routes.ts'
import { HawkGuard } from './sign-in/hawk-guard.ts'
import { makeIdentify } from './sign-in/identify.ts'
import { answerRefusal } from './wire/refusals.ts'

/** What the document says beside the routes. */
const DOCUMENT: Pick<Platform, 'name' | 'title' | 'refusal' | 'securitySchemes'> = {
  name: 'threatstack',
  title: 'Timeskein as Threat Stack',
  refusal: {
    type: 'application/json',
    schema: z.union([threatStackRefusalSchema, threatStackErrorsSchema]),
  },
  securitySchemes: {
    key: { type: 'apiKey', in: 'header', name: 'Authorization' },
    hawk: { type: 'http', scheme: 'hawk' },
  },
}

/** Puts both versions of Threat Stack's API onto the app, under `/threatstack`. */
export function mountThreatStack(_app: App, deps: DialectDeps): void {
  const guard = new HawkGuard(Date.now)
  mountPlatform(deps, {
    ...DOCUMENT,
    makeRoutes: makeThreatStackRoutes,
    identify: makeIdentify(guard),
    onError: answerRefusal,
    describeLimit: ({ remaining, resetMs }) => ({
      'x-rate-limit-remaining': String(remaining),
      'x-rate-limit-reset': String(Math.ceil(resetMs)),
    }),
    finish: (c, answer) => guard.sign(c, answer),
  })
}
