import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

/** The key of a server of ours. @throws {CliError} When none was given. */
export function requireApiKey(apiKey: string | undefined): string {
  if (apiKey !== undefined) return apiKey
  throw new CliError(
    '--server needs an API key: --api-key, $SKEIN_API_KEY or a profile (see: skein key --help); for a Timesketch server, skein config login --server URL',
    EXIT.noPermission,
  )
}
