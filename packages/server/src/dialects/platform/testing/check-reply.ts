import { z } from 'zod'

interface Operation {
  /** Paths that it has beside its own. */
  readonly 'x-also-at'?: readonly string[]
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}

/** Those parts of an OpenAPI document that replies are held against. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/**
 * Holds a real reply against an OpenAPI document. For tests.
 *
 * @param path - As the document spells it or as it was asked for, without a query.
 * @returns What is wrong with it; undefined when it is as the document says.
 */
export async function findReplyProblem(
  document: OpenApiDocument,
  method: string,
  path: string,
  reply: Response,
): Promise<string | undefined> {
  const operation = findOperation(document, method, path)?.operation
  if (!operation) return `the document has no ${method} ${path}`
  const declared = operation.responses[reply.status] ?? operation.responses['default']
  const text = await reply.clone().text()
  if (!declared?.content)
    return text === '' ? undefined : `${reply.status} should have no body: ${text.slice(0, 200)}`
  const type = (reply.headers.get('content-type') ?? '').split(';')[0]!
  const content = declared.content[type]
  if (!content)
    return `${reply.status} is ${type}, declared are ${Object.keys(declared.content).join(', ')}: ${text.slice(0, 200)}`
  if (!type.endsWith('json')) return undefined
  const { error } = toSchema(document, content.schema).safeParse(JSON.parse(text))
  return error && `${method} ${path} ${reply.status}: ${z.prettifyError(error)} in ${text.slice(0, 500)}`
}

const schemas = new WeakMap<object, z.ZodType>()

function toSchema(document: OpenApiDocument, schema: { readonly $ref?: string }): z.ZodType {
  const named = schema.$ref?.split('/').at(-1)
  const whole = named === undefined ? schema : document.components.schemas[named]!
  let made = schemas.get(whole)
  if (!made) {
    made = z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0])
    schemas.set(whole, made)
  }
  return made
}

/**
 * What an OpenAPI document says of a request. For tests.
 *
 * @param path - As the document spells it or as it was asked for, without a query.
 * @returns The path as the document spells it, and what is said there; undefined where nothing is.
 */
export function findOperation(
  { paths }: OpenApiDocument,
  method: string,
  path: string,
): { readonly path: string; readonly operation: Operation } | undefined {
  const asked = path.replace(/\/+$/, '')
  const verb = method.toLowerCase()
  const exact = paths[asked]?.[verb]
  if (exact) return { path: asked, operation: exact }
  for (const [template, { [verb]: operation }] of Object.entries(paths))
    if (operation && [template, ...(operation['x-also-at'] ?? [])].some((one) => isAskedBy(one, asked)))
      return { path: template, operation }
  return undefined
}

function isAskedBy(template: string, path: string): boolean {
  const steps = path.split('/')
  const parts = template.replace(/\/+$/, '').split('/')
  return (
    parts.length === steps.length && parts.every((part, at) => part.startsWith('{') || part === steps[at])
  )
}
