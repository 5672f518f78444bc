import { Buffer } from 'node:buffer'
import type { RowWriter } from '../../batch/row-writer.ts'
import type { TextKernel } from '../../batch/text-kernel.ts'
import { JsonRowParser } from '../../json/json-row-parser.ts'
import type { StretchNote } from '../../pipeline/stretch.ts'
import { compileFilter, type EventMatcher } from '../filter/match-filter.ts'
import { type Message, type MessageSources, MessageWriter } from '../message/message-writer.ts'
import { type Attributes, parseAttributes } from './container-value.ts'
import { DateTimeWriter } from './date-time.ts'
import { DocumentWriter, toJson } from './event-document.ts'
import { orderEvents } from './event-order.ts'
import { describeOldPath, describeStream, type FileMembers } from './file-members.ts'
import { Piece, type PieceData, type PieceEvent } from './piece.ts'
import { RowText } from './row-text.ts'
import { StoredAttributes } from './stored-attributes.ts'

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
  /** For a filter to look at; none where there is no filter. */
  readonly attributes: Attributes
  /** The members of its events that are the same for all, each with a comma in front. */
  readonly members: Uint8Array
}

/** A piece with what is made of it. */
interface PieceAtHand {
  readonly piece: Piece
  /** Of each stream. */
  readonly files: readonly FileMembers[]
  /** Data that are asked for again, by their place. */
  readonly ready: Map<number, ReadyData>
  /** How often each will still be asked for. */
  readonly uses: Uint32Array
}

const DATETIME = Buffer.from('{"datetime":"')
const TIMESTAMP_BEHIND = Buffer.from('","timestamp":')
const TIMESTAMP = Buffer.from('{"timestamp":')
const UNKNOWN_DESCRIPTION = 'Unknown Time'
/** What Plaso calls the time of data that have none. */
const NOT_A_TIME = 'Not a time'

/** Reads pieces of storage files into a writer's rows: events in psort's order, each with the fields that Timesketch shows. */
export class PlasoRowReader {
  readonly #writer: RowWriter
  readonly #layout: PlasoLayout
  readonly #text: RowText
  readonly #document: DocumentWriter
  readonly #messages: MessageWriter
  readonly #stored = new StoredAttributes()
  readonly #clock = new DateTimeWriter()
  #parser: JsonRowParser
  readonly #isWanted: EventMatcher | undefined
  #duplicates = 0
  #filtered = 0
  #timeless = 0
  #pathless = 0
  #hasToldResources = false
  readonly #writeValues = (): void => {
    const { memory, start, end } = this.#text
    this.#parser.parseObject(memory, start, end)
  }
  readonly #getRaw = (): string => this.#text.toString()

  /** @param kernel - Has room for one row's text; without one, the reader has memory of its own. */
  constructor(writer: RowWriter, layout: PlasoLayout, kernel: TextKernel | undefined) {
    this.#writer = writer
    this.#layout = layout
    this.#messages = new MessageWriter(layout)
    this.#isWanted = layout.filter === undefined ? undefined : compileFilter(layout.filter)
    this.#parser = new JsonRowParser(writer.builder)
    this.#text = new RowText(kernel)
    this.#document = new DocumentWriter(this.#text)
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
    const piece = new Piece(bytes)
    const files = piece.streams.map(describeStream)
    this.#pathless += files.filter(({ isPathBad }) => isPathBad).length
    const hand = { piece, files, ready: new Map(), uses: this.#countUses(piece) }
    this.#stored.enter(piece.texts)
    const places = this.#choose(hand)
    for (let first = 0; first < places.length; ) {
      const us = piece.timeOf(places[first]!)
      let end = first + 1
      while (end < places.length && piece.timeOf(places[end]!) === us) end++
      if (end === first + 1) this.#writeLoneEvent(hand, piece.event(places[first]!))
      else {
        const events = Array.from(places.subarray(first, end), (place) => piece.event(place))
        this.#writeMoment(hand, events)
      }
      first = end
    }
  }

  /** How often the data of a piece are asked for, each by its place. */
  #countUses(piece: Piece): Uint32Array {
    const uses = new Uint32Array(piece.dataCount)
    // A filter looks at every event, too.
    const times = this.#isWanted === undefined ? 1 : 2
    for (let place = 0; place < piece.eventCount; place++) {
      const data = piece.dataOf(place)
      if (data >= 0) uses[data]! += times
    }
    return uses
  }

  /** The places of the events that are wanted. */
  #choose(hand: PieceAtHand): Uint32Array {
    const { piece } = hand
    const isWanted = this.#isWanted
    const all = Uint32Array.from({ length: piece.eventCount }, (_, place) => place)
    if (isWanted === undefined) return all
    const chosen = all.filter((place) => {
      const event = piece.event(place)
      const { attributes } = this.#prepare(hand, event.data)
      const stream = piece.streams[piece.data(event.data)?.stream ?? -1]
      return isWanted({ event, attributes, stream })
    })
    this.#filtered += all.length - chosen.length
    return chosen
  }

  #writeMoment(hand: PieceAtHand, events: readonly PieceEvent[]): void {
    const keyed = events.map((event) => {
      const data = this.#prepare(hand, event.data)
      return { event, data, hash: data.hash, desc: event.desc ?? UNKNOWN_DESCRIPTION }
    })
    const { kept, duplicates } = this.#layout.keepsDuplicates
      ? { kept: keyed, duplicates: 0 }
      : orderEvents(keyed)
    this.#duplicates += duplicates
    for (const { event, data } of kept) {
      this.#beginEvent(event)
      this.#document.addMembers(data.members)
      this.#endEvent(event)
    }
  }

  /** Writes the only event of its time, with data that are made where they are shown unless other events have them, too. */
  #writeLoneEvent(hand: PieceAtHand, event: PieceEvent): void {
    const isOnly = hand.uses[event.data] === 1 && !hand.ready.has(event.data)
    const data = isOnly ? hand.piece.data(event.data) : undefined
    const ready = data === undefined ? this.#prepare(hand, event.data) : undefined
    this.#beginEvent(event)
    if (data !== undefined) this.#writeData(hand, data)
    else this.#document.addMembers((ready ?? NO_DATA).members)
    this.#endEvent(event)
  }

  #beginEvent({ us, nanos, desc }: PieceEvent): void {
    const text = this.#text
    const description = desc ?? UNKNOWN_DESCRIPTION
    text.begin()
    if (us === null) {
      text.write(`{"timestamp_desc":${JSON.stringify(description)}`)
      return
    }
    const datetime = this.#clock.write(us, nanos)
    if (datetime === undefined) text.put(TIMESTAMP)
    else {
      text.put(DATETIME)
      text.write(datetime)
      text.put(TIMESTAMP_BEHIND)
    }
    if (typeof us === 'number' && us >= 0) text.putInteger(us)
    else text.write(String(us))
    this.#document.addRepeatedText('timestamp_desc', description)
    if (description === NOT_A_TIME) this.#timeless++
  }

  #endEvent({ id, tags }: PieceEvent): void {
    const text = this.#text
    if (tags !== undefined) this.#document.addJson('tag', JSON.stringify(tags))
    text.putByte(CLOSE_BRACE)
    if (this.#writer.makeRoom() || this.#parser.isCrowded)
      this.#parser = new JsonRowParser(this.#writer.builder)
    this.#writeValues()
    this.#writer.keepRow(id, text.memory, text.start, text.end, this.#writeValues, this.#getRaw)
  }

  /** Makes data ready to be written any number of times. */
  #prepare(hand: PieceAtHand, place: number): ReadyData {
    const { piece, ready, uses } = hand
    const data = piece.data(place)
    if (data === undefined) return NO_DATA
    const known = ready.get(place)
    const found = known ?? this.#makeReady(hand, data)
    // What nobody asks for again is let go at once: kept for the whole piece, it keeps the collector busier than the work.
    if (--uses[place]! === 0) ready.delete(place)
    else if (known === undefined) ready.set(place, found)
    return found
  }

  #makeReady(hand: PieceAtHand, data: PieceData): ReadyData {
    this.#text.begin()
    const attributes = this.#writeData(hand, data)
    const members = this.#text.copy()
    const hash =
      attributes === undefined
        ? `\0${data.id}`
        : (textOf(attributes, '_event_values_hash') ?? sumUp(attributes, findFile(hand, data, attributes)))
    // Those that are not parsed are good until other data are read.
    const kept = this.#isWanted === undefined ? undefined : attributes
    return { hash, attributes: kept ?? NO_ATTRIBUTES, members }
  }

  /**
   * Writes the members that the events of some data have in common.
   *
   * @returns The attributes, good until other data are written; undefined where they cannot be read.
   */
  #writeData(hand: PieceAtHand, data: PieceData): Attributes | undefined {
    if (data.problem !== undefined) return this.#rejectData(data, data.problem)
    const { texts } = hand.piece
    let attributes: Attributes = this.#stored
    // A filter looks at attributes when others have been read.
    if (this.#isWanted !== undefined || !this.#stored.read(data.start, data.end)) {
      try {
        attributes = parseAttributes(texts.toString('utf8', data.start, data.end))
      } catch (error) {
        return this.#rejectData(data, error instanceof Error ? error.message : String(error))
      }
    }
    const dataType = textOf(attributes, 'data_type') ?? 'unknown'
    const file = findFile(hand, data, attributes)
    const document = this.#document
    const { source, shortSource } = this.#addMessage(dataType, attributes)
    document.addRepeatedText('data_type', dataType)
    if (!this.#addTextOf('_parser_chain', 'parser', attributes))
      document.addRepeatedText('parser', textOf(attributes, 'parser') ?? '-')
    document.addRepeatedText('source_short', shortSource)
    document.addRepeatedText('source_long', source)
    if (!this.#addTextOf('display_name', 'display_name', attributes))
      document.addMembers(file?.displayName ?? NO_DISPLAY_NAME)
    if (attributes === this.#stored) document.copyAttributes(this.#stored)
    else document.addAttributes(attributes)
    this.#addOtherNames(dataType, attributes)
    if (file?.filename !== undefined && !attributes.has('filename') && !attributes.has('file_name'))
      document.addMembers(file.filename)
    for (const { name, bytes } of file?.members ?? []) if (!attributes.has(name)) document.addMembers(bytes)
    return attributes
  }

  #addMessage(dataType: string, attributes: Attributes): Omit<Message, 'text'> {
    const text = this.#text
    if (attributes === this.#stored) {
      const { size } = text
      text.put(MESSAGE)
      const sources = this.#messages.copy(dataType, this.#stored, text)
      if (sources !== undefined) {
        text.putByte(QUOTE)
        return sources
      }
      text.cut(size)
    }
    const message = this.#messages.write(dataType, attributes)
    this.#document.addText('message', message.text)
    return message
  }

  /**
   * Adds an attribute that is a text under a name of ours.
   *
   * @returns False where it is not there, or empty.
   */
  #addTextOf(attribute: string, name: string, attributes: Attributes): boolean {
    const stored = this.#stored
    if (attributes === stored && this.#document.copyText(name, attribute, stored)) return true
    const value = textOf(attributes, attribute)
    if (value === undefined) return false
    this.#document.addText(name, value)
    return true
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
  #rejectData({ id }: PieceData, problem: string): undefined {
    const detail = `row ${id} of the table event_data cannot be read, so that its events have nothing but their time: ${problem}`
    this.#writer.rejectRow(0, 'bad-record', detail, JSON.stringify({ table: 'event_data', identifier: id }))
    this.#document.addText('message', `The data of this event (${id}) cannot be read: ${problem}`)
    this.#document.addRepeatedText('data_type', 'unknown')
  }
}

const MESSAGE = Buffer.from(',"message":"')
const QUOTE = 0x22
const CLOSE_BRACE = 0x7d

const NO_ATTRIBUTES: Attributes = new Map()

const NO_DATA: ReadyData = {
  hash: '',
  attributes: NO_ATTRIBUTES,
  members: Buffer.from(
    ',"message":"The storage file has no data of this event.","data_type":"unknown","parser":"-","display_name":"-"',
  ),
}

const NO_DISPLAY_NAME = Buffer.from(',"display_name":"-"')

/** The file that event data come from, where it is told. */
function findFile(
  { files }: PieceAtHand,
  { stream }: PieceData,
  attributes: Attributes,
): FileMembers | undefined {
  return files[stream] ?? describeOldPath(attributes)
}

/** What stands for the hash of data that were stored without one: all that they say, in whatever order they say it. */
function sumUp(attributes: Attributes, file: FileMembers | undefined): string {
  const parts: string[] = []
  for (const [name, value] of attributes) {
    if (name.startsWith('_') || name === 'parser') continue
    const json = toJson(value)
    if (json !== undefined) parts.push(`${name}:${json}`)
  }
  return [...parts.sort(), ...(file?.members ?? []).map(({ name, json }) => `${name}:${json}`)].join(',')
}

/** Older names that mean something else among an event's own fields. */
const NEVER_NAMED: ReadonlySet<string> = new Set(['message', 'tag', 'display_name', 'type', 'event'])

function textOf(attributes: Attributes, name: string): string | undefined {
  const value = attributes.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
