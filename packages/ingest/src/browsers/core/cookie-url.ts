/** The address that a cookie is sent to, as Plaso writes it. */
export function makeCookieUrl(
  isSecure: boolean,
  hostname: string | undefined,
  path: string | undefined,
): string {
  return `${isSecure ? 'https' : 'http'}://${hostname ?? ''}${path ?? ''}`
}
