import type { UnpackingMeter } from '../containers/archive-limits.ts'
import type { ByteSource } from '../containers/byte-source.ts'
import { type ContainerEntry, nameEntry } from '../containers/container-entry.ts'
import type { Belongings } from './belongings.ts'
import type { EvidencePlace } from './evidence-plan.ts'

type NeighbourSource = ByteSource & AsyncDisposable
type OpenBeside = NonNullable<EvidencePlace['openBeside']>

/** Opens what stands beside the files of one container. */
export class Neighbours {
  readonly #path: string
  readonly #belongings: Belongings
  readonly #openPass: () => AsyncGenerator<ContainerEntry>
  readonly #meter: UnpackingMeter

  /**
   * @param path - Of the container.
   * @param openPass - Goes through the container once more, from its first entry.
   * @param meter - Counts passes, and what is unpacked where none is needed.
   */
  constructor(
    path: string,
    belongings: Belongings,
    openPass: () => AsyncGenerator<ContainerEntry>,
    meter: UnpackingMeter,
  ) {
    this.#path = path
    this.#belongings = belongings
    this.#openPass = openPass
    this.#meter = meter
  }

  /**
   * As in the file's `EvidencePlace`.
   *
   * @param name - Of a file of the container.
   */
  openerFor(name: string): OpenBeside {
    return async (suffix, options) => {
      const beside = this.#belongings.find(name + suffix, options)
      return beside === undefined ? undefined : await this.#open(beside, name)
    }
  }

  async #open(beside: string, name: string): Promise<NeighbourSource | undefined> {
    const reopen = this.#belongings.reopenerOf(beside)
    if (reopen) {
      const { source, close } = reopen(this.#meter.forEntry(nameEntry(this.#path, beside)))
      return asNeighbour(source, async () => close())
    }
    this.#meter.addPass(nameEntry(this.#path, name))
    return await openFromBeginning(this.#openPass(), beside)
  }
}

/** Opens the entry of that name: the container is gone through up to it. */
async function openFromBeginning(
  entries: AsyncGenerator<ContainerEntry>,
  name: string,
): Promise<NeighbourSource | undefined> {
  for (;;) {
    const { done, value } = await entries.next()
    if (done) return undefined
    if (value.kind !== 'file' || value.name !== name) continue
    return asNeighbour(value.source, async () => void (await entries.return(undefined)))
  }
}

function asNeighbour(source: ByteSource, close: () => Promise<void>): NeighbourSource {
  return {
    read: (target, offset) => source.read(target, offset),
    get truncation() {
      return source.truncation
    },
    [Symbol.asyncDispose]: close,
  }
}
