import type { Credentials } from './api.ts'

/** Signs a person in by the form of the web page, as any Timesketch has it. */
export async function signIn(url: string, username: string, password: string): Promise<Credentials> {
  const cookies = new Map<string, string>()
  const ask = async (path: string, init: RequestInit = {}): Promise<string> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie: toHeader(cookies), referer: url },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    return await response.text()
  }
  const form = new URLSearchParams({ username, password, csrf_token: findToken(await ask('/login/')) })
  await ask('/login/', { method: 'POST', body: form })
  const token = findToken(await ask('/'))
  return { cookie: toHeader(cookies), 'x-csrftoken': token, referer: url }
}

function toHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** The token against forged requests, in a form or in the head of a page. */
function findToken(html: string): string {
  const tag = /<(?:input|meta)[^>]*csrf[-_]token[^>]*>/.exec(html)?.[0] ?? ''
  const token = /(?:value|content)="?([^"\s>]+)/.exec(tag)?.[1]
  if (token === undefined)
    throw new Error(`a page with a CSRF token was expected, found ${html.slice(0, 200)}`)
  return token
}
