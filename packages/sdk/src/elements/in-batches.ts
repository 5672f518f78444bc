/**
 * Carries out an act for more targets than the platform takes at once, batch after batch; a refusal of a batch ends it, and those
 * before have been done.
 */
export async function inBatches<Result>(
  targets: string | readonly string[],
  size: number,
  act: (targets: readonly string[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const all = typeof targets === 'string' ? [targets] : targets
  const results: Result[] = []
  for (let start = 0; start < all.length; start += size)
    results.push(...(await act(all.slice(start, start + size))))
  return results
}
