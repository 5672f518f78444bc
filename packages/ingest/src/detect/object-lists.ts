import type { Buffer } from 'node:buffer'
import { findStringEnd, skipSpace } from '../json/json-walker.ts'
import type { JsonShape } from './detect-json.ts'

const MAX_NAMES_SHOWN = 5

/**
 * What there is to say of a JSON text that is one object with several lists of objects: which of them hold its events only a
 * person knows.
 *
 * @param sample - The beginning of the text: lists that begin behind it are not seen.
 * @returns A sentence, or undefined where there is nothing to say.
 */
export function describeObjectLists(sample: Buffer, shape: JsonShape): string | undefined {
  const start = skipSpace(sample, 0)
  if (shape.kind === 'array' || sample[start] !== 0x7b) return undefined
  const { names, end } = findObjectLists(sample, start)
  const isAlone = end === undefined || skipSpace(sample, end) >= sample.length
  if (names.length < 2 || !isAlone) return undefined
  const advice = 'to have the elements of each as events, make a file of each list'
  if (shape.kind !== 'wrapped')
    return `The file is one object with several lists of objects (${showNames(names)}), and was read as one event; ${advice}.`
  const others = names.filter((name) => name !== shape.key)
  return `The elements of ${showNames([shape.key])} were read as events; what else the file's object has was not, among it lists of objects (${showNames(others)}); ${advice}.`
}

/** The names of an object's own members that are arrays of objects, and where it ends; undefined when not in these bytes. */
function findObjectLists(bytes: Buffer, start: number): { names: string[]; end: number | undefined } {
  const names: string[] = []
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) {
      if (--depth === 0) return { names, end: at + 1 }
    } else if (byte === 0x22) {
      const end = findStringEnd(bytes, at)
      if (end < 0) break
      if (depth === 1 && isListOfObjects(bytes, skipSpace(bytes, end)))
        names.push(bytes.toString('utf8', at + 1, end - 1))
      at = end - 1
    }
  }
  return { names, end: undefined }
}

/** Whether after a member's name stands a colon and an array that begins with an object. */
function isListOfObjects(bytes: Buffer, colon: number): boolean {
  const open = skipSpace(bytes, colon + 1)
  return bytes[colon] === 0x3a && bytes[open] === 0x5b && bytes[skipSpace(bytes, open + 1)] === 0x7b
}

function showNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES_SHOWN).map((name) => JSON.stringify(name.slice(0, 80)))
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ')
}
