/** What kind of refusal it is; each dialect maps kinds to its own statuses and texts. */
export type DomainErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'too-many'
  | 'unavailable'

/**
 * An expected refusal: something the caller asked for cannot be done, and the message says why in words meant for the
 * caller. Anything else that is thrown is a fault of ours.
 */
export class DomainError extends Error {
  override readonly name: string = 'DomainError'
  readonly kind: DomainErrorKind
  /** Stable, for scripts: `sketch-not-found`, `no-write-permission` … */
  readonly code: string
  /** Facts a caller may act on (ids, names, limits, seconds to wait). Never secrets. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    kind: DomainErrorKind,
    code: string,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.kind = kind
    this.code = code
    this.details = Object.freeze({ ...options.details })
  }
}

/** Says whether something thrown is an expected refusal; works across copies of this package. */
export function isDomainError(value: unknown): value is DomainError {
  return value instanceof Error && 'kind' in value && 'code' in value && 'details' in value
}

/**
 * A thing that is not there, or that this caller may not know to be there.
 *
 * @param what - In words (`API key`); the code is made of them (`api-key-not-found`).
 */
export function notFound(what: string, id: string | number): DomainError {
  return new DomainError('not-found', `${toKebabCase(what)}-not-found`, `There is no ${what} ${id}.`, {
    details: { what, id },
  })
}

function toKebabCase(words: string): string {
  return words.toLowerCase().replaceAll(' ', '-')
}

/** A request whose content cannot be accepted. */
export function invalid(code: string, message: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('invalid', code, message, { details })
}

/** Something this caller may not do. */
export function forbidden(code: string, message: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('forbidden', code, message, { details })
}

/** Something that does not fit the state things are in. */
export function conflict(code: string, message: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('conflict', code, message, { details })
}
