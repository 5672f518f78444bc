/** Ends the name in the key of a device that shares it; before all that names are made of, so that devices of one name stand together. */
export const END_OF_NAME = '\u001f'

/** What comes right after all keys that begin with a name and its end. */
const AFTER_END = ' '

/** By what a device is found that is told by its name alone: the name in any case. */
export function toNameKey(name: string): string {
  return name.toLowerCase().replaceAll(END_OF_NAME, AFTER_END)
}

/** The key of a device whose name another one of the same platform has already. */
export function toOwnNameKey(name: string, platform: string, externalId: string): string {
  return `${toNameKey(name)}${END_OF_NAME}${platform} ${externalId}`
}

/** The name that a key is of, as `toNameKey` makes it. */
export function readNameOfKey(key: string): string {
  const end = key.indexOf(END_OF_NAME)
  return end < 0 ? key : key.slice(0, end)
}

/** Between which keys those are that share a name, without the name itself: the end is exclusive. */
export function spanOfSharers(nameKey: string): { readonly start: string; readonly end: string } {
  return { start: `${nameKey}${END_OF_NAME}`, end: `${nameKey}${AFTER_END}` }
}
