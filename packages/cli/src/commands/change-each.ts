import { CliError } from '../cli-error.ts'
import { toCliError } from '../failures.ts'

/**
 * Changes several things that a command line names: all are looked up first, so that a wrong id among them changes none.
 *
 * @param lookUp - Throws for what is not there.
 * @returns What became of each, in the order named.
 * @throws {CliError} That names everything which is not there; or, where one cannot be changed, what was changed before it.
 */
export async function changeEach<Changed>(
  ids: readonly string[],
  lookUp: (id: string) => Promise<unknown>,
  change: (id: string) => Promise<Changed>,
): Promise<readonly Changed[]> {
  const missing: CliError[] = []
  if (ids.length > 1) {
    for (const id of ids) {
      try {
        await lookUp(id)
      } catch (error) {
        missing.push(asFailure(error))
      }
    }
  }
  const [first] = missing
  if (first) {
    const said = missing.map(({ message }) => message).join(' ')
    throw new CliError(`${said} Nothing was changed.`, first.exitCode, { cause: first })
  }
  const changed: Changed[] = []
  for (const [at, id] of ids.entries()) {
    try {
      changed.push(await change(id))
    } catch (error) {
      if (at === 0) throw error
      const { message, exitCode } = asFailure(error)
      throw new CliError(`${message} Changed before it: ${ids.slice(0, at).join(', ')}.`, exitCode, {
        cause: error,
      })
    }
  }
  return changed
}

/** What is a fault of ours is thrown on. */
function asFailure(error: unknown): CliError {
  const failure = toCliError(error)
  if (!failure) throw error
  return failure
}
