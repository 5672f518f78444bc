import { type ContainerEntry, refuseSpecial, refuseUnreadable } from './container-entry.ts'

/**
 * The hard links of one tar archive. Their content is that of an entry of another name: where none of that name is in the
 * archive, it is missing, as where a part of a tree was packed.
 */
export class TarHardLinks {
  /** Names of all entries; as many as an archive may have. */
  readonly #names = new Set<string>()
  readonly #open: { readonly name: string; readonly target: string }[] = []

  /** An entry of whatever kind came by. */
  add(name: string): void {
    this.#names.add(name)
  }

  /** Tells of a link to what came by before, as packers write it; any other is kept for `tellRest`. */
  *tell(name: string, target: string): Generator<ContainerEntry> {
    if (this.#names.has(target) && target !== name) yield refuseSpecial(name, 'hard-link')
    else this.#open.push({ name, target })
  }

  /** Tells of the others, when the archive was read. */
  *tellRest(): Generator<ContainerEntry> {
    for (const { name, target } of this.#open) {
      if (this.#names.has(target) && target !== name) yield refuseSpecial(name, 'hard-link')
      else {
        const reason = `it is a hard link to ${JSON.stringify(target)}, which is not in what was read of the archive: its content is missing`
        yield refuseUnreadable(name, reason)
      }
    }
  }
}
