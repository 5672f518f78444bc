/**
 * Reads on while what came is worked on: one thing after the other, and no more than so many that nobody has taken yet. What came
 * before a failure is given first. Whoever stops early aborts the reading, and goes on when it has ended.
 *
 * @param read - Aborted by its signal, which is the caller's, too.
 * @param most - Things that wait at most, from 1.
 */
export async function* readAhead<Item extends object>(
  read: (signal: AbortSignal) => AsyncIterable<Item>,
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
): AsyncGenerator<Item, void, undefined> {
  const stop = new AbortController()
  const ready: Item[] = []
  let isOver = false
  // One of the two sides sleeps at most: there is nothing, or there is enough.
  let wake: () => void = () => undefined
  const sleep = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    await promise
  }
  const fill = async (): Promise<void> => {
    try {
      for await (const item of read(AbortSignal.any([signal, stop.signal]))) {
        ready.push(item)
        wake()
        if (ready.length >= most && !stop.signal.aborted) await sleep()
        if (stop.signal.aborted) return
      }
    } finally {
      isOver = true
      wake()
    }
  }
  const filling = fill()
  // Whoever takes the last thing hears of a failure; until then it is no unhandled one.
  filling.catch(() => undefined)
  try {
    while (ready.length > 0 || !isOver) {
      if (ready.length === 0) await sleep()
      const item = ready.shift()
      if (item === undefined) continue
      wake()
      yield item
    }
    await filling
  } finally {
    stop.abort()
    wake()
    await filling.catch(() => undefined)
  }
}
