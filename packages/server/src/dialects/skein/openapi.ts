import { problemSchema } from '@timeskein/model'
import { describeApi } from '../../http/openapi.ts'
import { type RouteDescription, SKEIN_PREFIX } from './route.ts'

/** The OpenAPI 3.1 document of our own API, made from what its routes say of themselves. */
export function makeOpenApi(routes: readonly RouteDescription[], version: string): Record<string, unknown> {
  return describeApi(
    {
      title: 'Timeskein',
      version,
      refusal: { name: 'Problem', type: 'application/problem+json', schema: problemSchema },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
      },
    },
    routes.map((route) => ({
      method: route.method,
      path: SKEIN_PREFIX + route.path,
      summary: route.summary,
      isPublic: route.permission === 'public',
      query: route.query,
      body: route.body && { 'application/json': route.body },
      answers: { 200: { types: [route.answerType], schema: route.answer } },
      extensions: { 'x-permission': route.permission },
    })),
  )
}
