import type { HistoryRow } from './backend.ts'

/** Operations asked for at once: what a server and the service behind it give at most. */
const HISTORY_PAGE = 1000

/** Reads the log of marks page by page until there are as many as wanted, or no more. */
export async function readHistory(
  limit: number,
  readPage: (options: { limit: number; before?: string }) => Promise<readonly HistoryRow[]>,
): Promise<readonly HistoryRow[]> {
  const rows: HistoryRow[] = []
  while (rows.length < limit) {
    const size = Math.min(HISTORY_PAGE, limit - rows.length)
    const last = rows.at(-1)
    const page = await readPage({ limit: size, ...(last ? { before: last.id } : {}) })
    rows.push(...page)
    if (page.length < size) break
  }
  return rows
}
