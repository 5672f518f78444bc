import type { ImportInput } from '../import-service.ts'

/** The name people know an input by. */
export function nameOfInput(input: ImportInput): string {
  return 'path' in input ? (input.name ?? input.path) : input.name
}
