import { invalid } from '../errors/domain-error.ts'

/** Arrays and objects in a JSON body may stand in one another so deep. */
export const MAX_JSON_DEPTH = 200

/**
 * Reads JSON that came from outside: what works through it may call itself for each level.
 *
 * @throws {SyntaxError} For what is not JSON.
 * @throws {DomainError} `invalid` (`json-too-deep`).
 */
export function parseJson(text: string): unknown {
  requireShallow(text)
  return JSON.parse(text)
}

function requireShallow(text: string): void {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = findEndOfString(text, at)
        break
      case 0x5b:
      case 0x7b:
        if (++depth > MAX_JSON_DEPTH) throw tooDeep()
        break
      case 0x5d:
      case 0x7d:
        depth--
    }
  }
}

/** Where the string that begins here ends; the end of the text when it does not. */
function findEndOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at
    if (code === 0x5c) at++
  }
  return text.length
}

function tooDeep(): Error {
  return invalid(
    'json-too-deep',
    `Reading JSON: arrays and objects may stand in one another ${MAX_JSON_DEPTH} deep; these stand deeper.`,
    { limit: MAX_JSON_DEPTH },
  )
}
