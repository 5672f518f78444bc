import { isOfEntry } from '../containers/archive-limits.ts'
import { isUnknownFormatError } from '../detect/unknown-format-error.ts'
import type { Belongings } from './belongings.ts'
import type { RefusedItem } from './read-item.ts'
import { asReaderFault, describeFault } from './reader-fault.ts'
import { MappingError } from './text-plan.ts'

/** Files of one container that are not in, each told once: what may belong to another file waits until that one was read. */
export class RefusedFiles {
  /** Names and reasons, also of those that wait. */
  readonly reasons: string[] = []
  readonly #belongings: Belongings
  readonly #waiting: { readonly name: string; readonly item: RefusedItem }[] = []

  constructor(belongings: Belongings) {
    this.#belongings = belongings
  }

  /** Takes note of one that was told already. */
  note(name: string, { reason }: RefusedItem): void {
    this.reasons.push(`${name}: ${reason}`)
  }

  /**
   * Tells of one, or has it wait.
   *
   * @param isNothing - By itself it is empty or unknown, so that it may be what stands beside another file.
   */
  *tell(name: string, item: RefusedItem, isNothing: boolean): Generator<RefusedItem> {
    this.note(name, item)
    if (isNothing && !item.isBegun && this.#belongings.mayBelong(name)) this.#waiting.push({ name, item })
    else yield item
  }

  /** Tells of those that wait. */
  *tellWaiting(): Generator<RefusedItem> {
    for (const { name, item } of this.#waiting.splice(0)) {
      const owner = this.#belongings.ownerOf(name)
      yield owner === undefined ? item : { ...item, reason: describeBelonging(owner, item) }
    }
  }
}

function describeBelonging(owner: string, { refusal, reason }: RefusedItem): string {
  const name = owner.slice(owner.lastIndexOf('/') + 1)
  const belonging = `it belongs to ${name} beside it, and was taken into account with that`
  return refusal === 'unreadable' ? `${belonging}; ${reason}` : belonging
}

/** Why one file of a container is not in, when the others may be; undefined for what ends the import. */
export function toRefusal(
  error: unknown,
  path: string,
  isBegun: boolean,
  signal: AbortSignal | undefined,
): RefusedItem | undefined {
  if (!(error instanceof Error)) return undefined
  const fault = asReaderFault(error, signal)
  if (fault) return { kind: 'refused', path, reason: describeFault(fault), refusal: 'unreadable', isBegun }
  const isOther = isUnknownFormatError(error) || error instanceof MappingError
  if (!isOther && !isOfEntry(error)) return undefined
  const isUnknown = isUnknownFormatError(error)
  const refusal = isOther && !(isUnknown && error.isDamaged) ? 'not-understood' : 'unreadable'
  const reason = isUnknown
    ? `it is ${error.found}`
    : error.message.replace(`${path} was not read further: `, '')
  return { kind: 'refused', path, reason, refusal, isBegun }
}
