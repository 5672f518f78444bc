/** Sections of an RC file: keys in lower case, values as they are meant. */
export type RcSections = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The section whose values all others have, unless they say otherwise; it is none itself (configparser.DEFAULTSECT). */
const COMMON_SECTION = 'DEFAULT'

/** The section that is read when none is named. */
export const DEFAULT_SECTION = 'timesketch'

/**
 * Reads `~/.timesketchrc`: an INI file as Python's `configparser` reads it. `#` and `;` begin comments of whole lines, an indented line
 * goes on with the value before it, `%%` is a percent sign and `%(key)s` the value of another key, `[DEFAULT]` has what every section
 * inherits.
 *
 * @throws {SyntaxError} For a line that is none of that, with its number.
 */
export function parseRcFile(text: string): RcSections {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let key = ''
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue
    const header = /^\[([^\]]+)\]$/.exec(trimmed)
    if (header?.[1] !== undefined) {
      section = sections.get(header[1]) ?? new Map()
      sections.set(header[1], section)
      key = ''
      continue
    }
    if (!section) throw new SyntaxError(`line ${index + 1}: expected [section] first`)
    if (/^\s/.test(line) && key !== '') {
      section.set(key, `${section.get(key)}\n${trimmed}`)
      continue
    }
    const match = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed)
    if (!match?.[1]) throw new SyntaxError(`line ${index + 1}: expected key = value`)
    key = match[1].toLowerCase()
    section.set(key, match[2] ?? '')
  }
  const common = sections.get(COMMON_SECTION) ?? []
  sections.delete(COMMON_SECTION)
  return new Map([...sections].map(([name, values]) => [name, interpolate(new Map([...common, ...values]))]))
}

/**
 * Writes values into a section, and leaves every other line as it is, comments too.
 *
 * @param values - Undefined takes a key away.
 */
export function changeRcFile(
  text: string,
  section: string,
  values: Readonly<Record<string, string | undefined>>,
): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const start = lines.findIndex((line) => line.trim() === `[${section}]`)
  if (start < 0) {
    const gap = lines.length > 0 && lines.at(-1)?.trim() !== '' ? [''] : []
    return [...lines, ...gap, `[${section}]`, ...toLines(values), ''].join('\n')
  }
  const length = lines.slice(start + 1).findIndex((line) => /^\s*\[/.test(line))
  const end = length < 0 ? lines.length : start + 1 + length
  const kept: string[] = []
  let isOurs = false
  for (const line of lines.slice(start + 1, end)) {
    const key = /^([^\s=:#;][^=:]*?)\s*[=:]/.exec(line)?.[1]?.toLowerCase()
    if (key !== undefined) isOurs = key in values
    else if (line.trim() === '' || /^\s*[#;]/.test(line)) isOurs = false
    if (!isOurs) kept.push(line)
  }
  while (kept.at(-1)?.trim() === '') kept.pop()
  const rest = lines.slice(end)
  const gap = rest.length > 0 ? [''] : []
  return [...lines.slice(0, start + 1), ...kept, ...toLines(values), ...gap, ...rest, ''].join('\n')
}

function toLines(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined) return []
    if (/[\r\n]/.test(value)) throw new RangeError(`the value of ${key} has more than one line`)
    return [`${key} = ${value.replaceAll('%', '%%')}`.trimEnd()]
  })
}

/** Values name other values no deeper than Python takes it (configparser.MAX_INTERPOLATION_DEPTH). */
const MAX_DEPTH = 10

function interpolate(values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const expand = (value: string, depth: number): string =>
    value.replace(/%%|%\(([^)]+)\)s/g, (text, name?: string) => {
      if (name === undefined) return '%'
      const other = values.get(name.toLowerCase())
      return other === undefined || depth >= MAX_DEPTH ? text : expand(other, depth + 1)
    })
  return new Map([...values].map(([key, value]) => [key, expand(value, 0)]))
}
