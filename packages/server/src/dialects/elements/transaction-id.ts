import { createHash } from 'node:crypto'
import type { AppContext } from '../../http/app-types.ts'

/** What Elements calls a request in `X-Transaction` and in refusals: four and sixteen hex digits, made of our request's id. */
export function transactionIdOf(c: AppContext): string {
  const digits = createHash('sha256').update(c.get('requestId')).digest('hex')
  return `0000-${digits.slice(0, 16)}`
}
