const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27
const NAME = 1
const LETTER = 2

/** What ASCII characters are in names: `LETTER` for those that a name may begin with. */
const KINDS = new Uint8Array(128)
for (const char of '0123456789[]-') KINDS[char.charCodeAt(0)] = NAME
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') KINDS[char.charCodeAt(0)] = LETTER

const WIDE_SPACE = /\s/

/**
 * Finds the members of an audit record's body: a name, `=`, and a text in quotes or up to the next blank. A name begins with the first
 * letter among the letters, digits, brackets, hyphens and underscores in front of its `=`.
 *
 * @param take - Given each name with what is written behind its `=`, quotes and all.
 */
export function scanMembers(body: string, take: (name: string, written: string) => void): void {
  for (let start = 0; ; ) {
    const equals = body.indexOf('=', start)
    if (equals < 0) return
    const nameAt = findName(body, start, equals)
    if (nameAt === equals) {
      start = equals + 1
      continue
    }
    const end = findValueEnd(body, equals + 1)
    take(body.slice(nameAt, equals), body.slice(equals + 1, end))
    start = end
  }
}

/** Where the name in front of an `=` begins; the place of the `=` where there is none. */
function findName(body: string, start: number, equals: number): number {
  let nameAt = equals
  for (let at = equals - 1; at >= start; at--) {
    const kind = KINDS[body.charCodeAt(at)]
    if (!kind) break
    if (kind === LETTER) nameAt = at
  }
  return nameAt
}

function findValueEnd(body: string, start: number): number {
  const first = body.charCodeAt(start)
  if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
    const close = body.indexOf(first === DOUBLE_QUOTE ? '"' : "'", start + 1)
    if (close >= 0) return close + 1
  }
  let at = start
  while (at < body.length && !isSpace(body, at)) at++
  return at
}

function isSpace(body: string, at: number): boolean {
  const code = body.charCodeAt(at)
  if (code > 0x20 && code < 0x80) return false
  return code <= 0x20 ? code === 0x20 || (code >= 0x09 && code <= 0x0d) : WIDE_SPACE.test(body[at]!)
}
