/** Waits for work, and says something once when that takes longer than a while. */
export async function tellWhenSlow<Result>(
  work: Promise<Result>,
  patienceMs: number,
  tell: () => void,
): Promise<Result> {
  const timer = setTimeout(tell, patienceMs)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}
