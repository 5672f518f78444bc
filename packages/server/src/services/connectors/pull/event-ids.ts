/** `kind id` -> id of its event. */
export type EventIds = ReadonlyMap<string, string>

/** Names an item in `EventIds`. */
export function nameItem(kind: string, id: string): string {
  return `${kind} ${id}`
}
