import { DomainError } from '../errors/domain-error.ts'
import type { AppContext } from './app-types.ts'

/** Largest body of a route that does not say otherwise. */
export const DEFAULT_MAX_BODY_BYTES: number = 16 * 1024 * 1024

/**
 * Holds a request's body to a limit: by its declared length at once, else while it is read. A body that has been read
 * already is left alone.
 *
 * @param maxBytes - `Infinity`: the handler keeps to limits of its own.
 * @throws {DomainError} `too-large` (`body-too-large`).
 */
export function limitBody(c: AppContext, maxBytes: number): void {
  const declared = c.req.header('content-length')
  // Node's HTTP parser delivers no more bytes than were declared.
  const isDeclared = declared !== undefined && c.req.header('transfer-encoding') === undefined
  // The body is not even asked for: whoever reads it gets it straight from the connection then.
  if (isDeclared && Number(declared) <= maxBytes) return
  if (maxBytes === Number.POSITIVE_INFINITY || !c.req.raw.body || c.req.raw.bodyUsed) return
  if (declared !== undefined && Number(declared) > maxBytes) throw tooLarge(maxBytes, Number(declared))
  let read = 0
  const counted = c.req.raw.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        read += piece.byteLength
        if (read > maxBytes) controller.error(tooLarge(maxBytes, read))
        else controller.enqueue(piece)
      },
    }),
  )
  const init: RequestInit & { duplex: 'half' } = { body: counted, duplex: 'half' }
  c.req.raw = new Request(c.req.raw, init)
}

function tooLarge(limit: number, found: number): DomainError {
  return new DomainError(
    'too-large',
    'body-too-large',
    `The body may have ${limit} bytes; it has at least ${found}.`,
    {
      details: { limit, found },
    },
  )
}
