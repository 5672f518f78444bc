/**
 * JSON text as Python's `json.dumps` writes it: blanks after `,` and `:`, everything beyond ASCII escaped.
 *
 * Used where Timesketch sends JSON as text inside JSON (`label_string`, `all_permissions`, `query_filter`). Members that
 * are undefined are left out.
 */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => pythonJson(item ?? null)).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `${escapeText(name)}: ${pythonJson(member)}`)
    return `{${members.join(', ')}}`
  }
  if (typeof value === 'string') return escapeText(value)
  return JSON.stringify(value) ?? 'null'
}

function escapeText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
