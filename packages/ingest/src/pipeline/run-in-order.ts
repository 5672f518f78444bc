/**
 * Runs a task for each item of a sequence, several at once, and yields the results in the order of the items.
 *
 * The next item is asked for only when a place is free, so that nothing piles up. When a task or the sequence fails, or
 * the caller stops, tasks under way are waited for and the sequence is closed.
 *
 * @param concurrency - Tasks under way at once, at least 1.
 */
export async function* runInOrder<T, R>(
  items: AsyncGenerator<T>,
  concurrency: number,
  task: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = []
  let isEnded = false
  try {
    for (;;) {
      while (!isEnded && running.length < Math.max(1, concurrency)) {
        const { done, value } = await items.next()
        if (done) isEnded = true
        else {
          const result = task(value)
          // Whoever takes the result from the list sees the failure; until then it must not count as unhandled.
          result.catch(() => {})
          running.push(result)
        }
      }
      const next = running.shift()
      if (next === undefined) return
      yield await next
    }
  } finally {
    await Promise.allSettled(running)
    await items.return(undefined)
  }
}
