import { Buffer } from 'node:buffer'
import type { RowWriter } from '../../batch/row-writer.ts'
import { COPY_SLACK, ROW_START, type TextKernel } from '../../batch/text-kernel.ts'
import { JsonRowParser } from '../../json/json-row-parser.ts'
import type { StretchNote } from '../../pipeline/stretch.ts'
import { compileFilter, type EventMatcher } from '../filter/match-filter.ts'
import { type MessageSources, MessageWriter } from '../message/message-writer.ts'
import { type Attributes, PlasoPath, parseAttributes } from './container-value.ts'
import { DateTimeWriter } from './date-time.ts'
import { DocumentWriter, STREAM_FIELDS, toJson } from './event-document.ts'
import { orderEvents } from './event-order.ts'
import { displayName, isPathSpec, relativePath, showPathSpec } from './path-spec.ts'
import { decodePiece, type Piece, type PieceData, type PieceEvent, type PieceStream } from './piece.ts'

/** How events of storage files are written. Plain values: it can be sent to another thread. */
export interface PlasoLayout extends MessageSources {
  /** Leave equal events in, which psort leaves out. */
  readonly keepsDuplicates: boolean
  /** An event filter of Plaso: events that do not match are left out. */
  readonly filter?: string
}

/** Something that is worth knowing of events though they were taken; `at` is 0, since pieces have no place in the file. */
export interface PlasoNote extends StretchNote {
  readonly kind: 'duplicates' | 'filtered' | 'no-time' | 'no-path' | 'no-resources'
  readonly detail?: string
}

/** Data of events, made ready for all events that share it. */
interface ReadyData {
  readonly hash: string
  readonly attributes: Attributes
  /** The members of its events that are the same for all, each with a comma in front. */
  readonly members: string
}

/** Row texts up to this size are written into the kernel's memory. */
const MAX_KERNEL_TEXT = 1024 * 1024
/** Bytes that one UTF-16 unit becomes at most. */
const MAX_UNIT_BYTES = 3
const UNKNOWN_DESCRIPTION = 'Unknown Time'
/** What Plaso calls the time of data that have none. */
const NOT_A_TIME = 'Not a time'

/** Reads pieces of storage files into a writer's rows: events in psort's order, each with the fields that Timesketch shows. */
export class PlasoRowReader {
  readonly #writer: RowWriter
  readonly #layout: PlasoLayout
  readonly #memory: Buffer
  readonly #start: number
  readonly #messages: MessageWriter
  readonly #document = new DocumentWriter()
  readonly #clock = new DateTimeWriter()
  #parser: JsonRowParser
  readonly #isWanted: EventMatcher | undefined
  #duplicates = 0
  #filtered = 0
  #timeless = 0
  #pathless = 0
  #hasToldResources = false

  /** @param kernel - Has room for one row's text; without one, the reader has memory of its own. */
  constructor(writer: RowWriter, layout: PlasoLayout, kernel: TextKernel | undefined) {
    this.#writer = writer
    this.#layout = layout
    this.#messages = new MessageWriter(layout)
    this.#isWanted = layout.filter === undefined ? undefined : compileFilter(layout.filter)
    this.#parser = new JsonRowParser(writer.builder)
    const bytes = kernel?.bytes ?? new Uint8Array(MAX_KERNEL_TEXT * MAX_UNIT_BYTES + COPY_SLACK)
    this.#memory = Buffer.from(bytes.buffer)
    this.#start = kernel ? ROW_START : 0
  }

  /** What has come to notice since the last call. */
  takeNotes(): readonly PlasoNote[] {
    const notes: PlasoNote[] = []
    const counts = {
      duplicates: this.#duplicates,
      filtered: this.#filtered,
      'no-time': this.#timeless,
      'no-path': this.#pathless,
    }
    for (const [kind, count] of Object.entries(counts)) {
      // Its keys are such kinds.
      if (count > 0) notes.push({ kind: kind as PlasoNote['kind'], at: 0, count })
    }
    const problem = this.#messages.resourcesProblem
    if (problem !== undefined && !this.#hasToldResources) {
      this.#hasToldResources = true
      notes.push({ kind: 'no-resources', at: 0, count: 1, detail: problem })
    }
    this.#duplicates = 0
    this.#filtered = 0
    this.#timeless = 0
    this.#pathless = 0
    return notes
  }

  /** Reads a piece. */
  read(bytes: Uint8Array<ArrayBuffer>): void {
    const piece = decodePiece(bytes)
    const paths = piece.streams.map(describeStream)
    this.#pathless += paths.filter(({ isPathBad }) => isPathBad).length
    const ready = new Map<number, ReadyData>()
    const uses = this.#countUses(piece)
    const prepare = (index: number): ReadyData => {
      const data = piece.data[index]
      if (data === undefined) return NO_DATA
      const known = ready.get(index)
      const found = known ?? this.#prepare(piece, data, paths[data.stream])
      // What nobody asks for again is let go at once: kept for the whole piece, it keeps the collector busier than the work.
      if (--uses[index]! === 0) ready.delete(index)
      else if (known === undefined) ready.set(index, found)
      return found
    }
    const events = this.#choose(piece, prepare)
    for (let first = 0; first < events.length; ) {
      let end = first + 1
      while (end < events.length && events[end]!.us === events[first]!.us) end++
      this.#writeMoment(events.slice(first, end), prepare)
      first = end
    }
  }

  /** How often the data of a piece are asked for, each by its place. */
  #countUses({ data, events }: Piece): Uint32Array {
    const uses = new Uint32Array(data.length)
    // A filter looks at every event, too.
    const times = this.#isWanted === undefined ? 1 : 2
    for (const event of events) if (event.data >= 0) uses[event.data]! += times
    return uses
  }

  #choose(piece: Piece, prepare: (data: number) => ReadyData): readonly PieceEvent[] {
    const isWanted = this.#isWanted
    if (isWanted === undefined) return piece.events
    const chosen = piece.events.filter((event) => {
      const { attributes } = prepare(event.data)
      const stream = piece.streams[piece.data[event.data]?.stream ?? -1]
      return isWanted({ event, attributes, stream })
    })
    this.#filtered += piece.events.length - chosen.length
    return chosen
  }

  #writeMoment(events: readonly PieceEvent[], prepare: (data: number) => ReadyData): void {
    const [only] = events
    if (events.length === 1 && only) {
      this.#writeEvent(only, prepare(only.data))
      return
    }
    const keyed = events.map((event) => {
      const data = prepare(event.data)
      return { event, data, hash: data.hash, desc: event.desc ?? UNKNOWN_DESCRIPTION }
    })
    const { kept, duplicates } = this.#layout.keepsDuplicates
      ? { kept: keyed, duplicates: 0 }
      : orderEvents(keyed)
    this.#duplicates += duplicates
    for (const { event, data } of kept) this.#writeEvent(event, data)
  }

  #writeEvent({ id, us, nanos, desc, tags }: PieceEvent, { members }: ReadyData): void {
    const description = desc ?? UNKNOWN_DESCRIPTION
    let head = '{'
    if (us !== null) {
      const datetime = this.#clock.write(us, nanos)
      if (datetime !== undefined) head += `"datetime":"${datetime}",`
      head += `"timestamp":${us},`
      if (description === NOT_A_TIME) this.#timeless++
    }
    const tag = tags === undefined ? '' : `,"tag":${JSON.stringify(tags)}`
    const text = `${head}"timestamp_desc":${JSON.stringify(description)}${members}${tag}}`
    this.#writeRow(id, text)
  }

  #writeRow(id: number, text: string): void {
    if (this.#writer.makeRoom() || this.#parser.isCrowded)
      this.#parser = new JsonRowParser(this.#writer.builder)
    let memory = this.#memory
    let start = this.#start
    let size: number
    if (text.length <= MAX_KERNEL_TEXT) size = memory.write(text, start, 'utf8')
    else {
      memory = Buffer.from(text)
      start = 0
      size = memory.length
    }
    const end = start + size
    this.#parser.parseObject(memory, start, end)
    this.#writer.keepRow(
      id,
      memory,
      start,
      end,
      () => this.#parser.parseObject(memory, start, end),
      () => text,
    )
  }

  #prepare({ texts }: Piece, data: PieceData, stream: StreamMembers | undefined): ReadyData {
    if (data.problem !== undefined) return this.#rejectData(data, data.problem)
    let attributes: Attributes
    const text = texts.toString('utf8', data.start, data.end)
    try {
      attributes = parseAttributes(text)
    } catch (error) {
      return this.#rejectData(data, error instanceof Error ? error.message : String(error))
    }
    const dataType = textOf(attributes, 'data_type') ?? 'unknown'
    const message = this.#messages.write(dataType, attributes)
    const path = stream ?? describeOldPath(attributes)
    const document = this.#document
    document.start()
    document.addText('message', message.text)
    document.addText('data_type', dataType)
    document.addText('parser', textOf(attributes, '_parser_chain') ?? textOf(attributes, 'parser') ?? '-')
    document.addText('source_short', message.shortSource)
    document.addText('source_long', message.source)
    document.addText('display_name', textOf(attributes, 'display_name') ?? path?.displayName ?? '-')
    document.addAttributes(attributes)
    this.#addOtherNames(dataType, attributes)
    if (path?.filename !== undefined && !attributes.has('filename') && !attributes.has('file_name'))
      document.addText('filename', path.filename)
    for (const [name, json] of path?.members ?? []) if (!attributes.has(name)) document.addJson(name, json)
    const { text: members } = document
    const hash = textOf(attributes, '_event_values_hash') ?? sumUp(attributes, path)
    return { hash, attributes, members }
  }

  /** Names that other releases have for the same attributes. */
  #addOtherNames(dataType: string, attributes: Attributes): void {
    for (const [older, newer] of this.#messages.aliases.of(dataType)) {
      const [old, recent] = [attributes.get(older), attributes.get(newer)]
      const [name, value] = recent === undefined ? [newer, old] : [older, recent]
      const isShown = old === undefined || recent === undefined
      if (!isShown || value === undefined || NEVER_NAMED.has(name)) continue
      const json = toJson(value)
      if (json !== undefined) this.#document.addJson(name, json)
    }
  }

  /** Event data that cannot be read are told; their events are kept with their time. */
  #rejectData({ id }: PieceData, problem: string): ReadyData {
    const detail = `row ${id} of the table event_data cannot be read, so that its events have nothing but their time: ${problem}`
    this.#writer.rejectRow(0, 'bad-record', detail, JSON.stringify({ table: 'event_data', identifier: id }))
    const document = this.#document
    document.start()
    document.addText('message', `The data of this event (${id}) cannot be read: ${problem}`)
    document.addText('data_type', 'unknown')
    return { hash: `\0${id}`, attributes: new Map(), members: document.text }
  }
}

const NO_DATA: ReadyData = {
  hash: '',
  attributes: new Map(),
  members:
    ',"message":"The storage file has no data of this event.","data_type":"unknown","parser":"-","display_name":"-"',
}

/** What stands for the hash of data that were stored without one: all that they say, in whatever order they say it. */
function sumUp(attributes: Attributes, path: StreamMembers | undefined): string {
  const parts: string[] = []
  for (const [name, value] of attributes) {
    if (name.startsWith('_') || name === 'parser') continue
    const json = toJson(value)
    if (json !== undefined) parts.push(`${name}:${json}`)
  }
  return [...parts.sort(), ...(path?.members ?? []).map(([name, json]) => `${name}:${json}`)].join(',')
}

/** Older names that mean something else among an event's own fields. */
const NEVER_NAMED: ReadonlySet<string> = new Set(['message', 'tag', 'display_name', 'type', 'event'])

/** What the events of one stream have in common. */
interface StreamMembers {
  readonly displayName: string | undefined
  readonly filename: string | undefined
  /** There is a path that cannot be read. */
  readonly isPathBad: boolean
  /** Names with JSON values. */
  readonly members: readonly (readonly [name: string, json: string])[]
}

function describeStream(stream: PieceStream): StreamMembers {
  const spec = parsePath(stream['path_spec'])
  const members: [string, string][] = []
  if (spec !== undefined) members.push(['path_spec', JSON.stringify(showPathSpec(spec))])
  for (const name of STREAM_FIELDS) {
    const value = stream[name]
    if (value !== undefined) members.push([name, JSON.stringify(value)])
  }
  const yara = readJson(stream['yara_match'])
  if (Array.isArray(yara)) members.push(['yara_match', JSON.stringify(yara)])
  const isPathBad = spec === undefined && stream['path_spec'] !== undefined
  return { displayName: displayName(spec), filename: relativePath(spec), isPathBad, members }
}

/** Files of before 2021 have the path among the attributes. */
function describeOldPath(attributes: Attributes): StreamMembers | undefined {
  const spec = attributes.get('pathspec') ?? attributes.get('path_spec')
  if (!(spec instanceof PlasoPath)) return undefined
  const { members } = spec
  return {
    displayName: displayName(members),
    filename: relativePath(members),
    isPathBad: false,
    members: [['path_spec', JSON.stringify(showPathSpec(members))]],
  }
}

function parsePath(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const value = readJson(text)
  return isPathSpec(value) ? value : undefined
}

function readJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    // Its events are shown without it; the row they stand in was not to be read otherwise.
    return undefined
  }
}

function textOf(attributes: Attributes, name: string): string | undefined {
  const value = attributes.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
