/** What a member costs besides its value: quotes, colon and comma, and the same for the length that is told of it. */
const MEMBER_COST = 40

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * The details of an act as JSON of bounded length. What is too long loses its end, the longest members first: of `query` the
 * beginning is kept, and `queryLength` tells how long it was (characters of a text, items of a list, characters as JSON of
 * anything else). No member is dropped for the length of another.
 *
 * @param maxLength - Longest JSON, in UTF-16 units; at least 100.
 */
export function fitDetails(details: Readonly<Record<string, unknown>>, maxLength: number): string {
  const json = JSON.stringify(details)
  if (json.length <= maxLength) return json
  return JSON.stringify(cutObject(JSON.parse(json) as Record<string, Json>, maxLength))
}

function cutObject(object: Readonly<Record<string, Json>>, maxLength: number): Record<string, Json> {
  const all = Object.entries(object).map(([name, value]) => ({
    name,
    value,
    length: JSON.stringify(value).length,
    cost: MEMBER_COST + 2 * JSON.stringify(name).length,
  }))
  let room = maxLength - MEMBER_COST
  const members = all.filter(({ cost }) => {
    if (room - cost < maxLength / 2) return false
    room -= cost
    return true
  })
  const share = findShare(
    members.map(({ length }) => length),
    room,
  )
  const result: Record<string, Json> = {}
  for (const { name, value, length } of members) {
    result[name] = length <= share ? value : cutValue(value, share)
    if (length > share) result[`${name}Length`] ??= lengthOf(value, length)
  }
  if (members.length < all.length) result['membersLength'] = all.length
  return result
}

/** The greatest length that all may have so that together they fit. */
function findShare(lengths: readonly number[], room: number): number {
  let left = room
  for (const [place, length] of lengths.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - place))
    if (length > share) return share
    left -= length
  }
  return room
}

function cutValue(value: Json, maxLength: number): Json {
  if (typeof value === 'string') return cutText(value, maxLength)
  if (isList(value)) return cutList(value, maxLength)
  if (typeof value === 'object' && value !== null) return maxLength < 100 ? {} : cutObject(value, maxLength)
  return value
}

/** A control character is six characters of JSON, so the length of the text says little. */
function cutText(text: string, maxLength: number): string {
  let kept = 0
  let tooLong = Math.min(text.length, maxLength) + 1
  while (tooLong - kept > 1) {
    const middle = (kept + tooLong) >>> 1
    if (JSON.stringify(text.slice(0, middle)).length <= maxLength) kept = middle
    else tooLong = middle
  }
  return text.slice(0, kept)
}

function cutList(list: readonly Json[], maxLength: number): readonly Json[] {
  const kept: Json[] = []
  let room = maxLength - 2
  for (const item of list) {
    const { length } = JSON.stringify(item)
    if (length + 1 > room) return kept.length === 0 ? [cutValue(item, room)] : kept
    kept.push(item)
    room -= length + 1
  }
  return kept
}

function lengthOf(value: Json, jsonLength: number): number {
  return typeof value === 'string' || isList(value) ? value.length : jsonLength
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
