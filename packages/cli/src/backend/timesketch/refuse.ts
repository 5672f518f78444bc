import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'

/** Refuses what Timesketch's API has no way for. @param what - Begins the sentence: "There are no API keys". */
export function refuse(what: string): never {
  throw new CliError(`${what} on a Timesketch server`, EXIT.badInput)
}
