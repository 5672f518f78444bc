import type { AppContext } from '../../../http/app-types.ts'
import type { Sketch } from '../../../services/sketches/sketch-service.ts'
import { html } from './html.ts'
import { sendPage } from './page.ts'

/** Answers with the page of somebody signed in: their sketches, latest first. */
export function sendHomePage(
  c: AppContext,
  page: {
    username: string
    csrfToken: string | undefined
    sketches: readonly Sketch[]
    total: number
    version: string
  },
): Response {
  const rows = page.sketches.map(
    (sketch) =>
      html`<tr><td>${sketch.id}</td><td>${sketch.name}</td><td>${sketch.status}</td><td>${new Date(sketch.updatedAtMs).toISOString()}</td></tr>
`,
  )
  const list =
    rows.length === 0
      ? html`<p>No sketches yet.</p>`
      : html`<table><thead><tr><th>Id</th><th>Sketch</th><th>Status</th><th>Changed</th></tr></thead><tbody>
${rows}</tbody></table>
<p>${page.sketches.length} of ${page.total}</p>`
  const body = html`
<header><h1>Timeskein</h1><p>${page.username} · <a href="/logout/">Sign out</a></p></header>
${list}
<p>Version ${page.version}</p>`
  return sendPage(c, {
    title: 'Timeskein',
    body,
    ...(page.csrfToken === undefined ? {} : { csrfToken: page.csrfToken }),
  })
}
