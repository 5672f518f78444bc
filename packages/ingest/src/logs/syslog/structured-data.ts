/** One element: its id and its parameters; backslash escapes `"`, `\` and `]` (RFC 5424, section 6.3). */
const ELEMENT = /^\[([^\s=\]"]{1,32})((?: [^\s=\]"]{1,32}="(?:[^"\\]|\\.)*")*)\]/
const PARAMETER = / ([^\s=\]"]{1,32})="((?:[^"\\]|\\.)*)"/g

/** Structured data and the text behind it. */
export interface StructuredData {
  /** Parameters by the ids of their elements. */
  readonly data: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
  readonly text: string
}

/** Reads what stands behind the message's id in a line of RFC 5424. What is no structured data stays text. */
export function readStructuredData(rest: string): StructuredData {
  if (rest === '-' || rest.startsWith('- ')) return { data: undefined, text: rest.slice(2) }
  const data: Record<string, Record<string, string>> = Object.create(null)
  let at = 0
  for (;;) {
    const match = ELEMENT.exec(rest.slice(at))
    if (!match) break
    const parameters: Record<string, string> = Object.create(null)
    for (const [, name, value] of match[2]!.matchAll(PARAMETER))
      parameters[name!] = value!.replace(/\\(["\\\]])/g, '$1')
    data[match[1]!] = parameters
    at += match[0].length
  }
  if (at === 0) return { data: undefined, text: rest }
  return { data, text: rest.slice(rest[at] === ' ' ? at + 1 : at) }
}
