import { CliError } from '../cli-error.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'

const MAX_PASSWORD_BYTES = 4096

/**
 * The password on standard input: its first line, without its end, for `echo` adds one.
 *
 * @param what - What is read, and the option that says so, for messages.
 * @throws {CliError} When there is none, or it is too long.
 */
export async function readPassword(
  effects: Effects,
  { what, option }: { readonly what: string; readonly option: string } = {
    what: 'password',
    option: '--password-stdin',
  },
): Promise<string> {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of effects.stdin) {
    parts.push(part)
    sizeBytes += part.length
    if (sizeBytes > MAX_PASSWORD_BYTES)
      throw new CliError(
        `a ${what} has at most ${MAX_PASSWORD_BYTES} bytes, standard input has more`,
        EXIT.badInput,
      )
  }
  const [line = ''] = Buffer.concat(parts).toString('utf8').split(/\r?\n/)
  if (line === '')
    throw new CliError(`${option} expects the ${what} on standard input, found nothing`, EXIT.badInput)
  return line
}
