/** Waits until all have ended, whatever became of each; then what they found, or the failure of the first that failed. */
export async function waitForAll<Found>(works: readonly Promise<Found>[]): Promise<Found[]> {
  await Promise.allSettled(works)
  return await Promise.all(works)
}
