/** Those members of an object that were asked for, in the object's order; all where nothing was. Unknown names are left out. */
export function pickFields<Item extends object>(
  item: Item,
  fields: readonly string[] | undefined,
): Partial<Item> {
  if (fields === undefined) return item
  const wanted = new Set(fields.map((field) => field.trim()))
  return Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name))) as Partial<Item>
}
