import { findingsAnswerSchema, versionSchema } from '@timeskein/model'
import { diagnose } from '../../../services/diagnose.ts'
import { type Route, userRoute } from '../route.ts'

/** The server itself. */
export const systemRoutes: readonly Route[] = [
  userRoute('user', {
    method: 'GET',
    path: '/version',
    summary: 'Version of the server.',
    answer: versionSchema,
    handle: async (call) => ({ version: call.system.version }),
  }),
  userRoute('admin', {
    method: 'GET',
    path: '/doctor',
    summary: 'Versions, data directory, integrity, free disk: what is wrong and how to mend it.',
    answer: findingsAnswerSchema,
    handle: async (call) => ({ findings: await diagnose(call.system) }),
  }),
]
