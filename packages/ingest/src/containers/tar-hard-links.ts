import { createHash } from 'node:crypto'
import { type ContainerEntry, refuseSpecial, refuseUnreadable } from './container-entry.ts'
import { copyText, shortenText } from './own-text.ts'
import { isLongName, MAX_NAME_BYTES } from './tar-header.ts'

/** Bytes of links that wait for what they point to; beyond, a link in front of its file is told at once. */
const MAX_WAITING_BYTES: number = 16 * 1024 * 1024
/** What a waiting link takes beside its name. */
const LINK_BYTES = 256
/** Characters of a target that are told. */
const SHOWN_LENGTH = 1000
/** Bytes that a name is known by. */
const KEY_BYTES = 16

interface WaitingLink {
  readonly name: string
  readonly key: string
  readonly target: string
  readonly targetKey: string
}

/**
 * The hard links of one tar archive. Their content is that of a file of another name, or of a link to one: where none of that name is
 * in the archive, it is missing, as where a part of a tree was packed.
 */
export class TarHardLinks {
  /** Keys of the files' names, and of those of links that lead to one; as many as an archive may have. */
  readonly #contents = new Set<string>()
  /** Keys of links that were told at once, though they might lead to one. */
  readonly #untold = new Set<string>()
  readonly #waiting: WaitingLink[] = []
  #waitingBytes = 0

  /** A regular file came by. */
  addFile(name: string): void {
    this.#contents.add(makeKey(name))
  }

  /** Tells of a link to what came by before, as packers write it; any other waits for `tellRest`. */
  *tell(name: string, target: string): Generator<ContainerEntry> {
    const shown = JSON.stringify(shortenText(target, SHOWN_LENGTH))
    if (isLongName(target)) {
      const reason = `it is a hard link to ${shown}, which has more than ${MAX_NAME_BYTES} bytes and is no file's name (MAX_NAME_BYTES)`
      yield refuseUnreadable(name, reason)
      return
    }
    const key = makeKey(name)
    const targetKey = makeKey(target)
    if (this.#contents.has(targetKey)) {
      this.#contents.add(key)
      yield refuseLink(name, key === targetKey)
      return
    }
    this.#waitingBytes += name.length * 2 + LINK_BYTES + shown.length * 2
    if (this.#waitingBytes <= MAX_WAITING_BYTES)
      this.#waiting.push({ name: copyText(name), key, target: shown, targetKey })
    else {
      this.#untold.add(key)
      const reason = `it is a hard link to ${shown}, which is not in front of it, as with too many others in the archive: whether its content is there is not known (MAX_WAITING_BYTES)`
      yield refuseUnreadable(name, reason)
    }
  }

  /** Tells of the others, when the archive was read. */
  *tellRest(): Generator<ContainerEntry> {
    const byTarget = Map.groupBy(this.#waiting, ({ targetKey }) => targetKey)
    spread(this.#contents, byTarget)
    spread(this.#untold, byTarget)
    for (const { name, key, target, targetKey } of this.#waiting) {
      if (this.#contents.has(targetKey)) yield refuseLink(name, key === targetKey)
      else if (this.#untold.has(targetKey)) {
        const reason = `it is a hard link to ${target}, one that leads to what was not waited for: whether its content is there is not known (MAX_WAITING_BYTES)`
        yield refuseUnreadable(name, reason)
      } else {
        const reason = `it is a hard link to ${target}, which is not among the files in what was read of the archive: its content is missing`
        yield refuseUnreadable(name, reason)
      }
    }
  }
}

function refuseLink(name: string, isToItself: boolean): ContainerEntry {
  const link = refuseSpecial(name, 'hard-link')
  return isToItself
    ? { ...link, reason: 'it is a hard link to its own name, under which there is a file as well' }
    : link
}

/** Adds the links that lead to one of some names, also by way of others, whatever their order. */
function spread(keys: Set<string>, byTarget: ReadonlyMap<string, readonly WaitingLink[]>): void {
  const reached = [...byTarget.keys()].filter((key) => keys.has(key))
  for (let at = 0; at < reached.length; at++)
    for (const { key } of byTarget.get(reached[at]!) ?? [])
      if (!keys.has(key)) {
        keys.add(key)
        reached.push(key)
      }
}

/** What a name is known by, however its folders are parted: few bytes of any length of name. */
function makeKey(name: string): string {
  const plain = name.replace(/\/(?:\.?\/)+/g, '/').replace(/^(?:\.?\/)+/, '')
  return createHash('sha256').update(plain).digest().toString('latin1', 0, KEY_BYTES)
}
