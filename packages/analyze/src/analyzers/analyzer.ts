import type { EventSource, ReadEvent } from '../event-source.ts'
import type { CaseWork } from './case-work.ts'
import type { EmojiName } from './emojis.ts'
import type { AnalyzerSettings } from './settings.ts'

/** Values of parameters by name, as JSON has them. */
export type AnalyzerParameters = Readonly<Record<string, unknown>>

/**
 * Something that looks at the events of a timeline and marks what it makes of them. It reads and writes through its run alone,
 * keeps nothing between runs, and holds no more in memory than it says.
 */
export interface Analyzer {
  /** In lower case, as people name it. */
  readonly name: string
  readonly displayName: string
  /** A sentence for lists. */
  readonly description: string
  /** Names of analyzers whose marks it reads; they are run before it. */
  readonly dependencies: readonly string[]
  /** Runs it once with each of these; left out: once, with what the caller gives. */
  readonly listParameters?: (settings: AnalyzerSettings) => readonly AnalyzerParameters[]
  /** @returns What it says it has found: a sentence, or the JSON text of `AnalyzerReport`. */
  run(run: AnalyzerRun): Promise<string>
}

/** One run over one timeline. */
export interface AnalyzerRun {
  readonly parameters: AnalyzerParameters
  readonly settings: AnalyzerSettings
  readonly sketchId: number
  readonly timeline: { readonly id: number; readonly name: string }
  /** The timeline's events, in whatever order is quickest. What the run itself has marked may be in them or not. */
  readonly events: EventSource
  /** Aggregations, saved searches and stories of the sketch. */
  readonly work: CaseWork
  /** Marks an event; to be called once for an event and awaited (back-pressure). Marks are written many at a time. */
  mark(event: ReadEvent, marks: NewMarks): Promise<void>
  /** A line for the analysis's log. */
  log(line: string): void
  readonly signal: AbortSignal
}

/** What an event gets; it keeps what it has. */
export interface NewMarks {
  readonly tags?: readonly string[]
  readonly emojis?: readonly EmojiName[]
  /** Fields by name. A field that the evidence itself has stays as it is, and the log says so. */
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly labels?: readonly string[]
  readonly comment?: string
  /** A sentence for people, in `human_readable`, behind the analyzer's name; put before those that are there, or after. */
  readonly humanReadable?: { readonly text: string; readonly place: 'first' | 'last' }
}

/** Something was asked of an analyzer that it cannot do; the message is for whoever started it. */
export class AnalyzerFailure extends Error {
  override readonly name = 'AnalyzerFailure'
}
