import { Buffer } from 'node:buffer'
import type { ArtefactFormat } from '../artefacts/artefact-format.ts'
import type { ArtefactSink } from '../artefacts/artefact-sink.ts'
import { isLnk } from '../lnk/lnk.ts'
import { keepLnk, LNK_TIMES } from '../lnk/lnk-format.ts'
import { MAX_JUMP_LIST_BYTES, MAX_SHORTCUTS } from './limits.ts'

/*
 * A list that a program keeps (libyal, "Jump list format": dtformats): the number 2 at 0, of its categories at 4; each shortcut stands
 * behind its class identifier of 16 bytes; each category ends with BABFFBAB.
 */
const HEADER_BYTES = 12
const CLASS_BYTES = 16
const HEAD_BYTES = 4096
const CLASS_ID = Buffer.from('0114020000000000c000000000000046', 'hex')
const FOOTER = Buffer.from('abfbbfba', 'hex')
const MAX_CATEGORIES = 1000

/** Jump lists that programs keep themselves: their own tasks and what was opened. */
export const CUSTOM_JUMP_LIST_FORMAT: ArtefactFormat = {
  name: 'custom-jump-list',
  title: 'Windows jump list (customDestinations-ms)',
  recognisedBy: 'its version, and the class of a shortcut or the end of a category',
  headBytes: HEAD_BYTES,
  matches: (head) =>
    head.length >= HEADER_BYTES &&
    head.readUInt32LE(0) === 2 &&
    head.readUInt32LE(4) <= MAX_CATEGORIES &&
    (head.includes(CLASS_ID) || (head.length <= 128 && (head.includes(FOOTER) || isEmpty(head)))),
  maxBytes: MAX_JUMP_LIST_BYTES,
  times: LNK_TIMES,
  constants: { data_type: 'windows:lnk:link' },
  read: readJumpList,
}

/** A list of no category: its header alone. */
function isEmpty(bytes: Buffer): boolean {
  return bytes.length === HEADER_BYTES && bytes.readUInt32LE(4) === 0
}

function readJumpList(bytes: Buffer, sink: ArtefactSink): void {
  let number = 0
  // Entries say nothing of their sizes, so shortcuts are found by their classes.
  for (let at = bytes.indexOf(CLASS_ID, HEADER_BYTES); at >= 0; at = bytes.indexOf(CLASS_ID, at)) {
    const start = at + CLASS_BYTES
    if (!isLnk(bytes, start)) {
      at = start
      continue
    }
    number++
    if (number > MAX_SHORTCUTS) {
      sink.reject(number, 'over-limit', 'more shortcuts are not read (MAX_SHORTCUTS)', start)
      return
    }
    const next = findNext(bytes, start)
    const end = keepLnk(bytes.subarray(start, next), number, start, sink)
    at = Math.max(start + 20, start + end)
  }
  if (!isEmpty(bytes) && bytes.lastIndexOf(FOOTER) < bytes.length - FOOTER.length)
    sink.reject(0, 'truncated', 'the list does not end with the end of a category', bytes.length)
}

/** Where the next shortcut's class or the category's end begins; the end of the file without one. */
function findNext(bytes: Buffer, start: number): number {
  const ends = [bytes.indexOf(CLASS_ID, start + 20), bytes.indexOf(FOOTER, start + 20)]
  return Math.min(...ends.map((end) => (end < 0 ? bytes.length : end)))
}
