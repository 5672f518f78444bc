/** An escape that ends too early, and how far into the text that is. */
export interface EscapeMistake {
  readonly sentence: string
  readonly offset: number
}

/**
 * Resolves `\x` to x and `\uXXXX` to that UTF-16 unit, as Lucene's `discardEscapeChar` does.
 *
 * @returns The text, or what is wrong with it.
 */
export function resolveEscapes(text: string): string | EscapeMistake {
  if (!text.includes('\\')) return text
  let out = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char !== '\\') {
      out += char
      continue
    }
    const next = text[++at]
    if (next === undefined) return { sentence: 'a "\\" at the end of a term escapes nothing', offset: at - 1 }
    if (next !== 'u') {
      out += next
      continue
    }
    const hex = text.slice(at + 1, at + 5)
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
      const sentence = `"\\u" needs four hexadecimal digits, found ${JSON.stringify(hex)}`
      return { sentence, offset: at - 1 }
    }
    out += String.fromCharCode(Number.parseInt(hex, 16))
    at += 4
  }
  return out
}

/**
 * Writes text so that `parseLucene` reads it as one literal term: special characters, blanks and operator words escaped.
 *
 * @example escapeLucene('C:\\a b') // 'C\\:\\\\a\\ b'
 */
export function escapeLucene(text: string): string {
  const escaped = text.replaceAll(/[+\-!():^[\]"{}~*?\\/&|<>=\s]/g, (char) =>
    char === '\n' || char === '\r' || char === '\t' ? escapeUnit(char) : `\\${char}`,
  )
  return /^(AND|OR|NOT|TO)$/.test(escaped) ? `\\${escaped}` : escaped
}

/** Writes text so that it stands for itself in a `Wildcard` pattern. */
export function escapeWildcard(text: string): string {
  return text.replaceAll(/[*?\\]/g, (char) => `\\${char}`)
}

function escapeUnit(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
