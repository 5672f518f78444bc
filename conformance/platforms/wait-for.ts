/** Detection runs behind the events: what it makes is looked for until it is there. @throws After a minute. */
export async function waitFor<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  const endMs = Date.now() + 60_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > endMs) throw new Error('waited for a minute')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
