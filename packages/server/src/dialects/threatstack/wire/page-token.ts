import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'

const MAX_TOKEN_LENGTH = 8192

const tokenSchema = z.object({
  list: z.string(),
  question: z.unknown(),
  after: z.union([z.string(), z.number()]),
})

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
  if (told.list !== list)
    throw invalid(
      'bad-token',
      `token: the token of a page of ${list} was expected, found that of another list, ${JSON.stringify(told.list.slice(0, 40))}.`,
    )
  const question = schema.safeParse(told.question)
  if (!question.success) throw noToken()
  return { question: question.data, after: String(told.after) }
}

function unpack(token: string): z.output<typeof tokenSchema> {
  try {
    return tokenSchema.parse(
      JSON.parse(Buffer.from(token.slice(0, MAX_TOKEN_LENGTH), 'base64url').toString()),
    )
  } catch {
    // Neither text of JSON nor of this form: it is none of ours.
    throw noToken()
  }
}

function noToken(): Error {
  return invalid('bad-token', 'token: the token of the page before was expected, found something else.')
}
