import { CliError } from '../cli-error.ts'

/**
 * Runs a call of the client. A value that it refuses by itself (`RangeError`: a delimiter of two characters, a time that is none) came
 * from the command line or a file, so it is the caller's to mend.
 *
 * @throws {CliError} For such a value.
 */
export async function refuseValue<Result>(
  exitCode: number,
  call: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(error.message, exitCode, { cause: error })
    throw error
  }
}
