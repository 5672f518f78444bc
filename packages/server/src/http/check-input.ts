import type { z } from 'zod'
import { invalid, isDomainError } from '../errors/domain-error.ts'
import { parseJson } from '../json/read-json.ts'
import type { AppContext } from './app-types.ts'

/**
 * The JSON of a request; no body at all is an empty object.
 *
 * @throws {DomainError} `invalid`: `bad-json`, `json-too-deep`.
 */
export async function readJson(c: AppContext): Promise<unknown> {
  const text = await c.req.text()
  return readJsonText(text === '' ? '{}' : text)
}

/** As `readJson`, of a text. @throws {DomainError} as that. */
export function readJsonText(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (isDomainError(error)) throw error
    throw invalid(
      'bad-json',
      `The body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    )
  }
}

/**
 * What a schema makes of a part of a request.
 *
 * @throws {DomainError} `invalid` (`bad-request`) with the first issues.
 */
export function check<Of extends z.ZodType>(schema: Of, value: unknown, place: string): z.output<Of> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = listIssues(result.error.issues)
    // A member that nobody knows is the likelier mistake than the one that is missing in its place.
    .toSorted((a, b) => Number(b.isUnknownMember) - Number(a.isUnknownMember))
    .slice(0, 5)
    .map(({ path, message }) => ({ path: path.join('.'), message }))
  const found = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  throw invalid('bad-request', `The ${place} cannot be accepted: ${found}`, { issues })
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly isUnknownMember: boolean
}

/** What is wrong, place by place; of alternatives the one that comes closest. */
function listIssues(issues: readonly z.core.$ZodIssue[], parent: readonly PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const path = [...parent, ...issue.path]
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const [closest = []] = issue.errors
        .map((errors) => listIssues(errors, path))
        .toSorted((a, b) => a.length - b.length)
      if (closest.length > 0) return closest
    }
    return [{ path, message: issue.message, isUnknownMember: issue.code === 'unrecognized_keys' }]
  })
}
