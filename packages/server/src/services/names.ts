import { invalid } from '../errors/domain-error.ts'

/** Longest name of a sketch, timeline, index, saved search or user, in characters of Unicode. */
export const MAX_NAME_LENGTH = 255

export function isNameTooLong(name: string): boolean {
  return countCharacters(name) > MAX_NAME_LENGTH
}

/** Characters, each of which has one or two units; what is far too long is not looked at. */
function countCharacters(name: string): number {
  const { length } = name
  return length > MAX_NAME_LENGTH && length <= 2 * MAX_NAME_LENGTH ? [...name].length : length
}

/** Returns the name when it has 1 to 255 characters. @throws {DomainError} `invalid` (`bad-name`). */
export function requireName(what: string, name: string): string {
  if (name.length === 0 || isNameTooLong(name)) {
    throw invalid(
      'bad-name',
      `The name of a ${what} has 1 to ${MAX_NAME_LENGTH} characters; this one has ${countCharacters(name)}.`,
      { what, length: countCharacters(name), max: MAX_NAME_LENGTH },
    )
  }
  return name
}
