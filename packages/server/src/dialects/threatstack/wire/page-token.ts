import type { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'

const MAX_TOKEN_LENGTH = 8192

/** The token of the next page: the question it goes on with, and where. For URLs as it is. */
export function makeToken(question: object, after: string | number): string {
  return Buffer.from(JSON.stringify({ question, after })).toString('base64url')
}

/**
 * The question of a request: its own, or the one that its token goes on with.
 *
 * @throws {DomainError} `invalid` (`bad-token`).
 */
export function readQuestion<Of extends z.ZodType>(
  schema: Of,
  query: z.output<Of> & { readonly token?: string | undefined },
): { readonly question: z.output<Of>; readonly after: string | undefined } {
  const { token } = query
  if (token === undefined || token === '') return { question: query, after: undefined }
  try {
    const { question, after } = JSON.parse(
      Buffer.from(token.slice(0, MAX_TOKEN_LENGTH), 'base64url').toString(),
    ) as { question: unknown; after: unknown }
    return { question: schema.parse(question), after: String(after) }
  } catch {
    // Whatever is wrong with it: it is none of ours.
    throw invalid('bad-token', 'token: the token of the page before was expected, found something else.')
  }
}
