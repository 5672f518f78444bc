import { getCookie } from 'hono/cookie'
import { serialize } from 'hono/utils/cookie'
import { SESSION_TTL_MS } from '../auth/create-auth-service.ts'
import type { AppContext } from './app-types.ts'

/** Name of the session cookie (Timesketch's). */
const SESSION_COOKIE = 'session'

/** The value of the session cookie; undefined when none of a plausible shape was sent. */
export function readSessionCookie(c: AppContext): string | undefined {
  const value = getCookie(c, SESSION_COOKIE)
  return value !== undefined && /^[\w-]{20,128}$/.test(value) ? value : undefined
}

/**
 * The `Set-Cookie` line that sets the session cookie, or clears it (`undefined`). Scripts cannot read the cookie and other
 * sites cannot send it with forms.
 */
export function makeSessionCookie(cookieValue: string | undefined, isSecure: boolean): string {
  return serialize(SESSION_COOKIE, cookieValue ?? '', {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure,
    maxAge: cookieValue === undefined ? 0 : Math.floor(SESSION_TTL_MS / 1000),
  })
}
