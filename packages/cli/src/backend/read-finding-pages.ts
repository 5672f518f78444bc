/** Most alerts or incidents of one page. */
const MAX_PAGE = 1000

/** Reads a list page by page until there are as many as wanted, or no more. */
export async function readFindingPages<Row>(
  limit: number,
  readPage: (page: { readonly limit: number; readonly after?: string }) => Promise<{
    readonly items: readonly Row[]
    readonly total: number
    readonly next: string | undefined
  }>,
): Promise<{ readonly items: readonly Row[]; readonly total: number }> {
  const items: Row[] = []
  for (let after: string | undefined; ; ) {
    const page = await readPage({
      limit: Math.min(MAX_PAGE, limit - items.length),
      ...(after === undefined ? {} : { after }),
    })
    items.push(...page.items)
    if (page.next === undefined || items.length >= limit) return { items, total: page.total }
    after = page.next
  }
}
