/** Items that are ready and wait at most, however small they are. */
const MAX_READY = 32

/**
 * Goes through a sequence ahead of whoever takes its items: while they are busy with one, others are made. Of files in an archive,
 * the next one is unpacked and looked at while the last rows of the one before it are stored.
 *
 * When the caller stops, what is under way is waited for and the sequence is closed.
 *
 * @param hasRoom - Whether another item may be made, behind the one that was made last, before one is asked for; asked whenever one was
 *   made or taken.
 */
export async function* readAhead<T>(
  items: AsyncGenerator<T>,
  hasRoom: (made: T) => boolean,
): AsyncGenerator<T> {
  const asked: Promise<IteratorResult<T>>[] = []
  let isMaking = false
  let goOn = (): void => {}
  const ask = (): void => {
    isMaking = true
    const next = items.next()
    asked.push(next)
    next.then(
      ({ done, value }) => {
        if (done) return
        isMaking = false
        goOn = () => {
          if (!isMaking && asked.length < MAX_READY && hasRoom(value)) ask()
        }
        goOn()
      },
      // Whoever takes it sees the failure; nothing is made behind it, or behind the end.
      () => {},
    )
  }
  try {
    for (;;) {
      if (asked.length === 0) ask()
      const { done, value } = await asked.shift()!
      if (done) return
      goOn()
      yield value
      goOn()
    }
  } finally {
    await Promise.allSettled(asked)
    await items.return(undefined)
  }
}
