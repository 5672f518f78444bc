import type { AppContext } from '../../../http/app-types.ts'
import { html } from './html.ts'
import { sendPage } from './page.ts'

/** Answers with the sign-in page. The token stands in both places where clients look for it. */
export function sendLoginPage(
  c: AppContext,
  page: { csrfToken: string; problem?: string; username?: string; status?: number },
): Response {
  const problem =
    page.problem === undefined ? html`` : html`<p class="problem" role="alert">${page.problem}</p>`
  const body = html`
<h1>Timeskein</h1>
${problem}
<form method="post">
<input id="csrf_token" name="csrf_token" type="hidden" value="${page.csrfToken}">
<label>User name <input name="username" autocomplete="username" value="${page.username ?? ''}" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>`
  return sendPage(c, {
    title: 'Sign in - Timeskein',
    body,
    csrfToken: page.csrfToken,
    ...(page.status === undefined ? {} : { status: page.status }),
  })
}
