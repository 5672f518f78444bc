import { problemSchema } from '@timeskein/model'
import { z } from 'zod'
import { type RouteDescription, SKEIN_PREFIX } from './route.ts'

/** The OpenAPI 3.1 document of our own API, made from what its routes say of themselves. */
export function makeOpenApi(routes: readonly RouteDescription[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = SKEIN_PREFIX + route.path.replace(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Timeskein', version, license: { name: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { Problem: toJsonSchema(problemSchema, 'output') },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
      },
    },
    security: [{ apiKey: [] }, { session: [] }],
  }
}

function describeOperation(route: RouteDescription): Record<string, unknown> {
  const parameters = [...listPathParameters(route.path), ...listQueryParameters(route.query)]
  return {
    summary: route.summary,
    'x-permission': route.permission,
    ...(route.permission === 'public' ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: toJsonSchema(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      200: {
        description: 'The answer',
        content: { [route.answerType]: { schema: route.answer ? toJsonSchema(route.answer, 'output') : {} } },
      },
      default: {
        description: 'A refusal',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function listPathParameters(path: string): unknown[] {
  return [...path.matchAll(/:(\w+)(?:\{([^}]*)\})?/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: match[2] === '[0-9]+' ? { type: 'integer' } : { type: 'string' },
  }))
}

function listQueryParameters(schema: z.ZodType | undefined): unknown[] {
  if (!schema) return []
  const object = toJsonSchema(schema, 'input') as {
    properties?: Record<string, unknown>
    required?: string[]
  }
  return Object.entries(object.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: object.required?.includes(name) ?? false,
    schema: property,
  }))
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
