/**
 * The CSRF token of a page of Timesketch: the element with the id `csrf_token`, else `<meta name="csrf-token">`. Undefined where
 * there is none: the server asks for none then.
 */
export function readCsrfToken(html: string): string | undefined {
  const input = findTag(html, /<[a-z]+\b[^>]*\bid\s*=\s*["']?csrf_token\b["']?[^>]*>/i)
  const meta = findTag(html, /<meta\b[^>]*\bname\s*=\s*["']?csrf-token\b["']?[^>]*>/i)
  return readAttribute(input, 'value') ?? readAttribute(meta, 'content')
}

function findTag(html: string, pattern: RegExp): string {
  return pattern.exec(html)?.[0] ?? ''
}

function readAttribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>"']+))`, 'i').exec(tag)
  const value = match?.[1] ?? match?.[2] ?? match?.[3]
  return value === undefined || value === '' ? undefined : value
}
