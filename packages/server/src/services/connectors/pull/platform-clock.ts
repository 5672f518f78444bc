/**
 * The time as a platform tells it in its answers. Cursors move by what items say; a time that lies in the future of both clocks is an
 * item's mistake, and would hide all that comes until then.
 */
export class PlatformClock {
  #nowMs: number | undefined

  /** Notes the `Date` of each answer. */
  watch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (...request) => {
      const response = await fetch(...request)
      const dateMs = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(dateMs)) this.#nowMs = dateMs
      return response
    }
  }

  /**
   * The later of two times of ISO 8601, the second one no later than now as the platform says, or as this machine does where it says
   * nothing.
   *
   * @param next - Left out where it is no time.
   */
  moveOn(before: string | undefined, next: string | undefined): string | undefined {
    const nextMs = Math.min(Date.parse(next ?? ''), this.#nowMs ?? Date.now())
    if (Number.isNaN(nextMs)) return before
    return before !== undefined && Date.parse(before) >= nextMs ? before : new Date(nextMs).toISOString()
  }
}
