import { randomUUID } from 'node:crypto'

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,64}$/

/** The caller's own id of a request when it is harmless text, else a new one. */
export function chooseRequestId(offered: string | undefined): string {
  return offered !== undefined && ACCEPTABLE.test(offered) ? offered : randomUUID()
}
