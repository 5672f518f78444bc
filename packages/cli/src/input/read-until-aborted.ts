/**
 * What a source gives, until the signal aborts: then whoever waits for more is told at once, also when the source is silent. The
 * source itself stays open; who owns it closes it.
 *
 * @throws The signal's reason.
 */
export async function* readUntilAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const parts = source[Symbol.asyncIterator]()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      signal.throwIfAborted()
      const part = await Promise.race([parts.next(), aborted])
      if (part.done) return
      yield part.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Not awaited: it ends only after the part that is being waited for.
    void parts.return?.()?.catch(() => {})
  }
}
