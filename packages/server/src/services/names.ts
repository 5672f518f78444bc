import { invalid } from '../errors/domain-error.ts'

/** Longest name of a sketch, timeline, index, saved search or user. */
export const MAX_NAME_LENGTH = 255

/** Returns the name when it has 1 to 255 characters. @throws {DomainError} `invalid` (`bad-name`). */
export function requireName(what: string, name: string): string {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH) {
    throw invalid(
      'bad-name',
      `The name of a ${what} has 1 to ${MAX_NAME_LENGTH} characters; this one has ${name.length}.`,
      { what, length: name.length, max: MAX_NAME_LENGTH },
    )
  }
  return name
}
