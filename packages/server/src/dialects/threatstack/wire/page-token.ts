import type { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'

const MAX_TOKEN_LENGTH = 8192

/** Lists that come in pages, by the names that their answers have for them. */
export type TokenList = 'agents' | 'alerts' | 'recs' | 'rules' | 'servers'

/** The token of the next page: the list, the question it goes on with, and where. For URLs as it is. */
export function makeToken(list: TokenList, question: object, after: string | number): string {
  return Buffer.from(JSON.stringify({ list, question, after })).toString('base64url')
}

/**
 * The question of a request: its own, or the one that its token goes on with.
 *
 * @throws {DomainError} `invalid` (`bad-token`).
 */
export function readQuestion<Of extends z.ZodType>(
  list: TokenList,
  schema: Of,
  query: z.output<Of> & { readonly token?: string | undefined },
): { readonly question: z.output<Of>; readonly after: string | undefined } {
  const { token } = query
  if (token === undefined || token === '') return { question: query, after: undefined }
  const told = unpack(token)
  // Tokens that were made before they named their list name none.
  if (told.list !== undefined && told.list !== list)
    throw invalid(
      'bad-token',
      `token: the token of a page of ${list} was expected, found that of another list, ${JSON.stringify(told.list).slice(0, 40)}.`,
    )
  try {
    const { question, after } = told
    return { question: schema.parse(question), after: String(after) }
  } catch {
    // Whatever is wrong with it: it is none of ours.
    throw noToken()
  }
}

function unpack(token: string): { list?: unknown; question?: unknown; after?: unknown } {
  let told: unknown
  try {
    told = JSON.parse(Buffer.from(token.slice(0, MAX_TOKEN_LENGTH), 'base64url').toString())
  } catch {
    // No JSON: refused below.
  }
  if (typeof told !== 'object' || told === null) throw noToken()
  return told
}

function noToken(): Error {
  return invalid('bad-token', 'token: the token of the page before was expected, found something else.')
}
