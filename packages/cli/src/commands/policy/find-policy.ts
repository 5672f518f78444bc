import type { ApiPolicy } from '@timeskein/model'
import type { Backend } from '../../backend/backend.ts'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'

/** The policy that a caller means by its id or its name. @throws {CliError} Where there is none. */
export async function findPolicy(backend: Backend, given: string): Promise<ApiPolicy> {
  const policies = await backend.policies.list()
  const found =
    policies.find(({ id }) => id === given.toLowerCase()) ?? policies.find(({ name }) => name === given)
  if (found) return found
  throw new CliError(
    `a policy's id or name was expected, found ${JSON.stringify(given)}. See: skein policy list`,
    EXIT.notFound,
  )
}
