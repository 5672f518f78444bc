import type { Buffer } from 'node:buffer'
import type { Reject } from '@timeskein/model'
import { ArchiveLimitError } from '../containers/archive-limits.ts'
import { type PeekableSource, readUpTo } from '../containers/byte-source.ts'
import { describeContent, UnknownFormatError } from '../detect/unknown-format-error.ts'
import type { BinaryFormat, EvidencePiece, EvidencePlace, EvidencePlan } from '../pipeline/evidence-plan.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { applyUserMap } from '../schemas/apply-user-map.ts'
import type { Mapping, TimeSource } from '../schemas/mapping.ts'
import { timeField } from '../schemas/schema.ts'
import type { ArtefactSink } from './artefact-sink.ts'

/** An artefact that is read as a whole: some kilobytes, or a tree that points everywhere. */
export interface ArtefactFormat {
  /** As in the account, in `--list-formats`, and for the thread that reads. */
  readonly name: string
  readonly title: string
  readonly recognisedBy: string
  readonly headBytes: number
  matches(head: Buffer): boolean
  /** Whether the whole file is one, where the first bytes of others are the same. @default it is */
  isOurs?(bytes: Buffer): boolean
  /** Bytes of a file that are read. Larger ones are refused. */
  readonly maxBytes: number
  /** Time fields of its records with what they say. */
  readonly times: readonly (readonly [field: string, description: string])[]
  /** Fields that stand for others. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly constants?: Readonly<Record<string, string>>
  /** What its notes mean, as sentences without their count. */
  readonly notes?: Readonly<Record<string, string>>
  /** Takes what stands beside a file into its bytes before they are read. @default nothing is looked for */
  complete?(bytes: Buffer<ArrayBuffer>, place: EvidencePlace): Promise<CompletedArtefact>
  /** Reads all of it. Whatever the bytes are, this comes to an end and throws nothing. */
  read(bytes: Buffer, sink: ArtefactSink): void
}

/** An artefact with what stood beside it. */
export interface CompletedArtefact {
  readonly bytes: Buffer<ArrayBuffer>
  /** Sentences about what was done. */
  readonly remarks: readonly string[]
  /** What belongs to it and could not be had; each is counted as a rejected row. */
  readonly losses: readonly Pick<Reject, 'reason' | 'detail'>[]
}

/** Names the format to the thread that reads. Plain values. */
export interface ArtefactLayout {
  readonly name: string
  /** Where the file stands in its collection. */
  readonly inside?: string | undefined
}

/** How an artefact's records are read. */
export function planMapping(
  format: Pick<ArtefactFormat, 'name' | 'title' | 'times' | 'aliases' | 'constants'>,
  options: ReadOptions,
): Mapping {
  const times: TimeSource[] = format.times.map(([field, description]) =>
    timeField(field, description, { format: 'iso' }),
  )
  times.push(timeField('datetime', 'Not a time', { format: 'iso' }))
  return applyUserMap(
    {
      schema: format.name,
      times,
      allTimes: times,
      messageField: 'message',
      timeZone: 'UTC',
      dayFirst: undefined,
      profile: {
        aliases: format.aliases ?? {},
        constants: { ...format.constants, timestamp_desc: times[0]!.description },
      },
      reason: `is a ${format.title}; every time of a record is an event`,
    },
    options.map,
  )
}

/** Registers an artefact with the formats that are told by their first bytes. */
export function toBinaryFormat(format: ArtefactFormat): BinaryFormat {
  const { name, title, recognisedBy, headBytes } = format
  return {
    name,
    title,
    recognisedBy,
    headBytes,
    matches: (head) => format.matches(head),
    plan: (path, source, options, place) => planArtefact(format, path, source, options, place),
  }
}

async function planArtefact(
  format: ArtefactFormat,
  path: string,
  source: PeekableSource,
  options: ReadOptions,
  place: EvidencePlace,
): Promise<EvidencePlan> {
  const bytes = await readUpTo(source, format.maxBytes + 1)
  if (bytes.length > format.maxBytes) {
    const detail = `a ${format.title} of more than ${format.maxBytes} bytes`
    throw new ArchiveLimitError(path, 'maxBytes', detail, 'entry')
  }
  if (format.isOurs?.(bytes) === false) throw new UnknownFormatError(path, describeContent(bytes))
  const completed = (await format.complete?.(bytes, place)) ?? { bytes, remarks: [], losses: [] }
  const mapping = planMapping(format, options)
  return {
    format: format.name,
    reasons: [mapping.reason],
    mapping,
    settings: {
      format: { kind: 'artefact', name: format.name, inside: place.inside },
      mapping,
      times: 'all',
      ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
    },
    pieces: yieldWhole(completed),
    source,
    hasLines: false,
    describeNotes: (notes) => [
      ...completed.remarks,
      ...notes.map(({ kind, count, at }) => {
        const times = count === 1 ? '' : `, ${count} times`
        return `${format.notes?.[kind] ?? kind}${times} (first at offset ${at}).`
      }),
    ],
  }
}

/** The bytes first: a look at the beginning is a look at them. */
async function* yieldWhole({ bytes, losses }: CompletedArtefact): AsyncGenerator<EvidencePiece> {
  const piece = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  yield { kind: 'stretch', bytes: piece, startLine: 1, place: 'top', isLast: true }
  for (const loss of losses) yield { kind: 'reject', reject: { line: 0, ...loss, raw: '' } }
}
