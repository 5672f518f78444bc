import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

/** Reads `--scope`. @throws {CliError} For anything but read, write and admin. */
export function readKeyScope(text: string): 'read' | 'write' | 'admin' {
  if (text === 'read' || text === 'write' || text === 'admin') return text
  throw new CliError(`--scope takes read, write or admin; found "${text}"`, EXIT.usage)
}
