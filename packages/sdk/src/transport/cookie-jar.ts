/**
 * Cookies of one server, kept in memory for runtimes whose `fetch` keeps none. Only what a session needs of RFC 6265: name, value
 * and the end of a cookie; path and domain are not looked at, because a jar is never shown to another server.
 */
export class CookieJar {
  readonly #values = new Map<string, string>()

  /** Takes the cookies of an answer. */
  store(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const equals = pair.indexOf('=')
      if (equals <= 0) continue
      const name = pair.slice(0, equals).trim()
      if (attributes.some(isOver)) this.#values.delete(name)
      else this.#values.set(name, pair.slice(equals + 1).trim())
    }
  }

  /** The value of a `Cookie` header; undefined when there is nothing to send. */
  header(): string | undefined {
    if (this.#values.size === 0) return undefined
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

/** True where a program may set the header `Cookie` itself: everywhere but in browsers, which keep cookies on their own. */
export function canSendCookies(): boolean {
  return new Request('http://localhost/', { headers: { cookie: 'a=b' } }).headers.has('cookie')
}

function isOver(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=').map((part) => part.trim())
  if (/^max-age$/i.test(name)) return Number(value) <= 0
  return /^expires$/i.test(name) && Date.parse(value) <= Date.now()
}
