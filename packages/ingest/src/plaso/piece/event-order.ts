/** What decides about the order of events of one time. */
export interface OrderKey {
  /** Of what the event data say: equal for equal data. */
  readonly hash: string
  readonly desc: string
}

/**
 * The events of one time in psort's order, without duplicates: of those with the same hash and the same description that come
 * one after the other, the first.
 *
 * psort pushes them to a binary heap and takes them from it (Python's `heapq`), so that which of two equal ones comes first
 * depends on how the heap sifts; this one sifts the same way.
 */
export function orderEvents<T extends OrderKey>(events: readonly T[]): { kept: T[]; duplicates: number } {
  const heap: T[] = []
  for (const event of events) push(heap, event)
  const kept: T[] = []
  let last: T | undefined
  let duplicates = 0
  while (heap.length > 0) {
    const event = pop(heap)
    if (last !== undefined && last.hash === event.hash && last.desc === event.desc) duplicates++
    else kept.push(event)
    last = event
  }
  return { kept, duplicates }
}

function isLess(a: OrderKey, b: OrderKey): boolean {
  if (a.hash !== b.hash) return a.hash < b.hash
  return a.desc < b.desc
}

function push<T extends OrderKey>(heap: T[], event: T): void {
  heap.push(event)
  siftUp(heap, event, 0, heap.length - 1)
}

function pop<T extends OrderKey>(heap: T[]): T {
  // Both are asked only of heaps that hold something.
  const last = heap.pop()!
  const first = heap[0]
  if (first === undefined) return last
  let at = 0
  const size = heap.length
  // The hole goes down to a leaf along the lesser children, then what was last goes up from there.
  for (let child = 1; child < size; child = 2 * at + 1) {
    const other = child + 1
    const next = other < size && !isLess(heap[child]!, heap[other]!) ? other : child
    heap[at] = heap[next]!
    at = next
  }
  siftUp(heap, last, 0, at)
  return first
}

function siftUp<T extends OrderKey>(heap: T[], event: T, top: number, start: number): void {
  let at = start
  while (at > top) {
    const parent = (at - 1) >> 1
    if (!isLess(event, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = event
}
