import { DomainError } from './domain-error.ts'

/** Code of refusals to write because of the disk. */
export const NOT_DURABLE = 'not-durable'

/**
 * A write that may not be on the disk, or was not begun since nothing is written any more. Dialects answer 503, or 507 where the
 * disk is full, each in its own envelope (`statusOfRefusal`).
 *
 * @param message - For the caller: what became of the write, and what is to be done.
 * @param cause - What the system said.
 */
export function notDurable(message: string, cause: unknown): DomainError {
  return new DomainError('unavailable', NOT_DURABLE, message, { cause })
}
