import { DomainError } from './domain-error.ts'

/** Code of refusals to write because of the disk. */
export const NOT_DURABLE = 'not-durable'

/**
 * A write that may not be on the disk, or was not begun since nothing is written any more. Dialects answer 503, or 507 where the
 * disk is full, each in its own envelope (`statusOfRefusal`). A refusal is no fault and is not logged as one: whoever met the disk
 * says what it said in the log (`WriteStop`).
 *
 * @param message - For the caller: what became of the write, and what is to be done.
 * @param cause - What the system said.
 */
export function notDurable(message: string, cause: unknown): DomainError {
  return new DomainError('unavailable', NOT_DURABLE, message, { cause })
}

/** @param cause - What the system said. @returns What whoever has committed is told when that may not be on the disk. */
export function writtenNotDurable(cause: unknown): DomainError {
  return notDurable(
    'This was written and could not be put on the disk: a loss of power may take it. See to the disk, and look whether it is there before you do it again.',
    cause,
  )
}
