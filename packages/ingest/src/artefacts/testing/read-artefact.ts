import type { EvidenceInput } from '../../containers/open-input.ts'
import { readEvidence } from '../../pipeline/read-evidence.ts'
import type { ReadAccount } from '../../pipeline/read-item.ts'
import type { ReadOptions } from '../../pipeline/read-options.ts'

/** What was made of an artefact. */
export interface ArtefactReading {
  /** Events in their order, with `at`: their time as the store gets it, in microseconds since 1970. */
  readonly events: readonly Readonly<Record<string, unknown>>[]
  /** Reason and detail of each rejected row. */
  readonly rejects: readonly string[]
  readonly account: ReadAccount
  readonly remarks: readonly string[]
  readonly constants: Readonly<Record<string, string>>
}

/** Reads the bytes of one artefact as an import does. For tests. */
export async function readArtefact(bytes: Uint8Array, options: ReadOptions = {}): Promise<ArtefactReading> {
  const input: EvidenceInput = {
    name: 'artefact',
    stream: (async function* () {
      yield bytes
    })(),
  }
  const events: Record<string, unknown>[] = []
  const rejects: string[] = []
  let constants: Readonly<Record<string, string>> = {}
  for await (const item of readEvidence(input, options)) {
    if (item.kind === 'file') constants = item.mapping.profile.constants
    if (item.kind === 'batch') {
      const { source, timesUs, rowCount } = item.batch
      for (let row = 0; row < rowCount; row++) {
        const text = Buffer.from(source.bytes.subarray(source.offsets[row], source.offsets[row + 1]))
        events.push({ ...constants, ...JSON.parse(text.toString()), at: timesUs[row] })
      }
    }
    if (item.kind === 'rejects')
      rejects.push(...item.rejects.map(({ reason, detail }) => `${reason} ${detail}`))
    if (item.kind === 'end')
      return { events, rejects, account: item.account, remarks: item.remarks, constants }
  }
  throw new Error('The artefact had no end.')
}
