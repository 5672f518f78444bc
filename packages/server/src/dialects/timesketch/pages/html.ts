/** HTML that is safe to put into a page. */
export interface Html {
  readonly html: string
}

/** A template whose values are escaped unless they are HTML already; the one way text gets into our pages. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  let text = parts[0]!
  values.forEach((value, at) => {
    text += renderValue(value) + parts[at + 1]!
  })
  return { html: text }
}

function renderValue(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  if ('html' in value) return value.html
  return value.map((item) => item.html).join('')
}

/** Text as HTML, in elements and in quoted attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
