import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppContext } from '../../../http/app-types.ts'
import { type Html, html } from './html.ts'

/** Where the pages' style sheet is: the content security policy allows none inside a page. */
export const STYLE_PATH = '/login/pages.css'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; display: grid; place-items: start center; padding: 8vh 1rem }
main { width: min(46rem, 100%) }
form { display: grid; gap: .75rem; max-width: 22rem }
label { display: grid; gap: .25rem }
input, button { font: inherit; padding: .5rem .6rem; border: 1px solid GrayText; border-radius: .3rem }
button { cursor: pointer }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }
.problem { border-left: .25rem solid #b3261e; padding-left: .75rem }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem }
`

/** Answers with a page of ours; the CSRF token stands in a meta element, where clients look for it. */
export function sendPage(
  c: AppContext,
  page: { title: string; body: Html; csrfToken?: string; status?: number },
): Response {
  const token =
    page.csrfToken === undefined ? html`` : html`<meta name="csrf-token" content="${page.csrfToken}"/>`
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${token}
<title>${page.title}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body><main>
${page.body}
</main></body>
</html>
`
  c.header('Vary', 'Cookie')
  c.header('Cache-Control', 'no-store')
  return c.body(document.html, (page.status ?? 200) as ContentfulStatusCode, {
    'Content-Type': 'text/html; charset=utf-8',
  })
}

/** Answers with the style sheet of our pages. */
export function sendStyle(c: AppContext): Response {
  c.header('Cache-Control', 'public, max-age=3600')
  return c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' })
}
