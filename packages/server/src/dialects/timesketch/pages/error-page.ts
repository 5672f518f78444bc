import type { ContentfulStatusCode, RedirectStatusCode } from 'hono/utils/http-status'
import type { AppContext } from '../../../http/app-types.ts'
import { html } from './html.ts'

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
}

/** Answers with a short page that says what is wrong; clients read the first paragraph. */
export function errorPage(c: AppContext, status: number, text: string): Response {
  const reason = REASONS[status] ?? 'Error'
  const page = html`<!doctype html>
<html lang=en>
<title>${status} ${reason}</title>
<h1>${reason}</h1>
<p>${text}</p>
`
  c.header('Vary', 'Cookie')
  return c.body(page.html, status as ContentfulStatusCode, { 'Content-Type': 'text/html; charset=utf-8' })
}

/** Sends the client elsewhere. */
export function redirectPage(c: AppContext, status: RedirectStatusCode, location: string): Response {
  const page = html`<!doctype html>
<html lang=en>
<title>Redirecting...</title>
<h1>Redirecting...</h1>
<p>You should be redirected automatically to the target URL: <a href="${location}">${location}</a>. If not, click the link.
`
  c.header('Vary', 'Cookie')
  c.header('Location', location)
  return c.body(page.html, status as unknown as ContentfulStatusCode, {
    'Content-Type': 'text/html; charset=utf-8',
  })
}
