const DATE = /(?:19|20)\d\d([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])/.source
/** Two digits behind a date may number something: an hour by itself follows a T. */
const CLOCK = /[T_ -]?(?:[01]\d|2[0-3])[-_:.]?[0-5]\d(?:[-_:.]?[0-5]\d(?:[._]\d+)?)?|T(?:[01]\d|2[0-3])/
  .source
const ZONE = /Z|\+\d\d[-_:]?\d\d/.source
/** A time as collectors write it in names. */
const STAMP = new RegExp(`(?<!\\d)${DATE}(?:${CLOCK})?(?:${ZONE})?(?!\\d)`, 'g')
const OUTER_SEPARATORS = /^[-_. ]+|[-_. ]+$/g

/**
 * Names the files of a container by their places, alike whenever they are collected: where all stand in one top folder,
 * the time in its name is left out, and the folder if it is called by nothing else. Other words stay, since they may say
 * whose the files are.
 *
 * @param names - Of all the container's files.
 */
export function namePlaces(names: Iterable<string>): (name: string) => string {
  const top = findTopFolder(names)
  const lasting = top?.replace(STAMP, '')
  if (top === undefined || lasting === top) return (name) => name
  const kept = lasting!.replace(OUTER_SEPARATORS, '')
  return (name) => (kept === '' ? name.slice(top.length + 1) : kept + name.slice(top.length))
}

/** The one folder that all stand in. */
function findTopFolder(names: Iterable<string>): string | undefined {
  let top: string | undefined
  for (const name of names) {
    top ??= name.slice(0, Math.max(0, name.indexOf('/')))
    if (top === '' || !name.startsWith(`${top}/`)) return undefined
  }
  return top
}
