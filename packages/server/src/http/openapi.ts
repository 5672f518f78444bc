import { z } from 'zod'
import type { Method } from './app-types.ts'

/** What an OpenAPI document says of one route. */
export interface OperationDescription {
  readonly method: Method
  /** Full path in Hono's syntax. */
  readonly path: string
  /** One sentence. */
  readonly summary: string
  readonly isPublic: boolean
  readonly query?: z.ZodType | undefined
  /** Media type -> schema. */
  readonly body?: Readonly<Record<string, z.ZodType>> | undefined
  /** Status -> what is answered, in one of the media types; null: nothing. */
  readonly answers: Readonly<
    Record<number, { readonly types: readonly string[]; readonly schema?: z.ZodType | undefined } | null>
  >
  /** What refusals look like where they are not those of the document. */
  readonly refusal?: z.ZodType | undefined
  /** Full paths in Hono's syntax that are this route too; told as `x-also-at`. */
  readonly alsoAt?: readonly string[] | undefined
  /** Members whose names begin with `x-`. */
  readonly extensions: Readonly<Record<string, unknown>>
}

/** What all routes of a document share. */
export interface DocumentDescription {
  readonly title: string
  readonly version: string
  readonly refusal: { readonly name: string; readonly type: string; readonly schema: z.ZodType }
  readonly securitySchemes: Readonly<Record<string, unknown>>
}

/** An OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.0), made from what routes say of themselves. */
export function describeApi(
  document: DocumentDescription,
  operations: readonly OperationDescription[],
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    const path = toTemplate(operation.path)
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(document, operation) }
  }
  const { refusal, securitySchemes, title, version } = document
  return {
    openapi: '3.1.0',
    info: { title, version, license: { name: 'Apache-2.0' } },
    paths,
    components: { schemas: { [refusal.name]: toJsonSchema(refusal.schema, 'output') }, securitySchemes },
    security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
  }
}

function toTemplate(path: string): string {
  return path.replace(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')
}

function describeOperation(
  { refusal }: DocumentDescription,
  operation: OperationDescription,
): Record<string, unknown> {
  const { summary, extensions, isPublic, body, alsoAt = [] } = operation
  const parameters = [...listPathParameters(operation.path), ...listQueryParameters(operation.query)]
  return {
    summary,
    ...extensions,
    ...(alsoAt.length > 0 ? { 'x-also-at': alsoAt.map(toTemplate) } : {}),
    ...(isPublic ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              Object.entries(body).map(([type, schema]) => [type, { schema: toJsonSchema(schema, 'input') }]),
            ),
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [
          status,
          {
            description: answer ? 'The answer' : 'Done',
            ...(answer
              ? {
                  content: Object.fromEntries(
                    answer.types.map((type) => [
                      type,
                      { schema: answer.schema ? toJsonSchema(answer.schema, 'output') : {} },
                    ]),
                  ),
                }
              : {}),
          },
        ]),
      ),
      default: {
        description: 'A refusal',
        content: {
          [refusal.type]: {
            schema: operation.refusal
              ? toJsonSchema(operation.refusal, 'output')
              : { $ref: `#/components/schemas/${refusal.name}` },
          },
        },
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
