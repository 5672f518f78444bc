import type { AppContext } from '../../http/app-types.ts'
import { parseJson } from '../../json/read-json.ts'
import { abort, WireError } from './errors.ts'

/** A JSON object from outside, without prototype: look names up freely. */
export type Body = Readonly<Record<string, unknown>>

/**
 * The JSON object of a request.
 *
 * @throws {WireError} 415 for another content type, 400 for what is not JSON or not an object.
 * @throws {DomainError} `invalid` (`json-too-deep`).
 */
export async function readBody(c: AppContext): Promise<Body> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'application/json' && !type.endsWith('+json')) abort(415)
  let value: unknown
  try {
    value = parseJson(await c.req.text())
  } catch (error) {
    if (error instanceof SyntaxError) abort(400)
    throw error
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) abort(400)
  return Object.assign(Object.create(null), value)
}

/** The same, but no body at all is an empty object. */
export async function readOptionalBody(c: AppContext): Promise<Body> {
  if (c.req.header('content-type') === undefined) return Object.create(null)
  return readBody(c)
}

/** A member that is text; undefined when it is missing, null or something else. */
export function text(body: Body, name: string): string | undefined {
  const value = body[name]
  return typeof value === 'string' ? value : undefined
}

/** A member that is a whole number or digits. */
export function whole(body: Body, name: string): number | undefined {
  const value = body[name]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value)
  return undefined
}

/** A member as WTForms reads a boolean: missing, false, `"false"` and `""` are false, everything else true. */
export function flag(body: Body, name: string): boolean {
  const value = body[name]
  return !(value === undefined || value === null || value === false || value === 'false' || value === '')
}

/** A member that is a list of texts; other elements are left out. Undefined when it is no list. */
export function texts(body: Body, name: string): string[] | undefined {
  const value = body[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

/** A member that is an object, without prototype. */
export function object(body: Body, name: string): Body | undefined {
  return asObject(body[name])
}

/** A value as an object without prototype; undefined when it is something else. */
export function asObject(value: unknown): Body | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  return Object.assign(Object.create(null), value)
}

/** The number in the path. @throws {WireError} 404 when it is too long to be one. */
export function pathId(c: AppContext, name: string): number {
  const id = Number(c.req.param(name))
  if (!Number.isSafeInteger(id)) abort(404)
  return id
}

/** A whole number of the query string. @throws {WireError} 400 in argparse's words. */
export function queryInt(c: AppContext, name: string, fallback: number): number {
  const value = c.req.query(name)
  if (value === undefined) return fallback
  if (!/^\s*[+-]?\d{1,15}\s*$/.test(value)) {
    throw new WireError(400, { [name]: `invalid literal for int() with base 10: '${value}'` })
  }
  return Number(value)
}

/** A truth value of the query string: true, false, 1 or 0 in any case. @throws {WireError} 400 in argparse's words. */
export function queryFlag(c: AppContext, name: string): boolean {
  const value = c.req.query(name)
  if (value === undefined) return false
  const lower = value.toLowerCase()
  if (lower === 'true' || lower === '1') return true
  if (lower === 'false' || lower === '0') return false
  throw new WireError(400, { [name]: `Invalid literal for boolean(): ${value}` })
}

/** A text of the query string that must be there. @throws {WireError} 400 in argparse's words. */
export function requireQuery(c: AppContext, name: string): string {
  const value = c.req.query(name)
  if (value === undefined)
    throw new WireError(400, { [name]: 'Missing required parameter in the query string' })
  return value
}
