import { TimeLimitError } from '../errors/time-limit-error.ts'

/** A time limit beside a caller's own signal. Disposing it takes the limit away and lets go of the caller's signal. */
export interface Deadline extends Disposable {
  /** Aborts with a `TimeLimitError` when time is over, with the caller's reason when the caller aborts. */
  readonly signal: AbortSignal
  /** Time begins anew: something has arrived. */
  restart(): void
  /** Of the answer that has begun, for the error. */
  requestId: string | undefined
}

/**
 * @param what - What is limited, for the error.
 * @param limitMs - Milliseconds until it is over; `Infinity` for no limit.
 */
export function startDeadline(what: string, limitMs: number, signal: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal?.reason)
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline: Deadline = {
    signal: controller.signal,
    requestId: undefined,
    restart() {
      clearTimeout(timer)
      const end = (): void =>
        controller.abort(new TimeLimitError(what, limitMs, { requestId: deadline.requestId }))
      // A timer beyond 2^31 - 1 ms would fire at once.
      if (limitMs < 2 ** 31) timer = setTimeout(end, limitMs)
    },
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
  deadline.restart()
  return deadline
}

/**
 * A body under a deadline that begins anew with every part; the deadline is disposed of at its end, and when the reader stops early.
 *
 * @param toError - What a body that breaks off fails with.
 */
export function limitBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  deadline: Deadline,
  toError: (cause: unknown) => Error,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) {
            deadline.restart()
            controller.enqueue(value)
            return
          }
          deadline[Symbol.dispose]()
          controller.close()
        } catch (error) {
          deadline[Symbol.dispose]()
          throw deadline.signal.aborted ? deadline.signal.reason : toError(error)
        }
      },
      async cancel(reason) {
        deadline[Symbol.dispose]()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
