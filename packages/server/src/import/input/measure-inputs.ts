import { stat } from 'node:fs/promises'
import { DomainError, invalid } from '../../errors/domain-error.ts'
import type { ImportInput } from '../import-service.ts'
import { nameOfInput } from './name-of-input.ts'

/**
 * The bytes of all inputs; undefined where one of them is not known before it ends.
 *
 * @throws {DomainError} `invalid` (`no-inputs`, `input-not-found`).
 */
export async function measureInputs(inputs: readonly ImportInput[]): Promise<number | undefined> {
  if (inputs.length === 0) throw invalid('no-inputs', 'An import needs at least one input.')
  // Loaded with the first import, not with the server.
  const { measureFolder } = await import('@timeskein/ingest')
  let total: number | undefined = 0
  for (const input of inputs) {
    if (!('path' in input)) {
      total = undefined
      continue
    }
    try {
      const stats = await stat(input.path)
      const size = stats.isDirectory() ? await measureFolder(input.path) : stats.size
      if (total !== undefined) total += size
    } catch (error) {
      throw new DomainError(
        'invalid',
        'input-not-found',
        `Cannot import ${nameOfInput(input)}: it cannot be read.`,
        {
          cause: error,
          details: { name: nameOfInput(input) },
        },
      )
    }
  }
  return total
}
