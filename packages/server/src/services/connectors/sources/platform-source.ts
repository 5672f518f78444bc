import type { PlatformKind } from '@timeskein/ingest/platforms'

/** Items of one sort, as the platform gave them. */
export interface SourceGroup {
  readonly kind: PlatformKind
  readonly records: readonly unknown[]
}

/** Items that came together. */
export interface SourcePage {
  readonly groups: readonly SourceGroup[]
  /** The time up to which all is read with these, as items say it, ISO 8601; undefined where it is that of the page before. */
  readonly upTo: string | undefined
}

/** Something that a platform lists: security events, devices. */
export interface SourceStream {
  /** `security-events`; names its cursor, so it stays. */
  readonly name: string
  /** Milliseconds between two looks at what has no times to go by, so that it is listed as a whole. */
  readonly wholeEveryMs?: number
  /** Milliseconds that every look goes back at least, for items that change without telling. @default as the pull says */
  readonly lateMs?: number
  /** What is there from a moment on, oldest first, until nothing more is there. @param position.since - ISO 8601. */
  read(position: { readonly since: string; readonly signal: AbortSignal }): AsyncIterable<SourcePage>
}

/** A platform that can be pulled from. */
export interface PlatformSource {
  /** In the order in which they are read. */
  readonly streams: readonly SourceStream[]
  /** Asks the platform something small. @returns What it said, a sentence. */
  test(signal: AbortSignal): Promise<string>
  /** Whose items they are: an organisation by the platform's name of it, or all that the credentials see, with blanks between. */
  findAccount(signal: AbortSignal): Promise<string>
}

/** What a platform is reached with. */
export interface SourceOptions {
  readonly url: string
  readonly clientId: string | undefined
  readonly organisationId: string | undefined
  readonly secret: string
  readonly fetch: typeof globalThis.fetch
}

/** Milliseconds between two listings of devices. */
export const DEVICES_EVERY_MS = 3_600_000
/** A moment before any of the platforms kept anything. */
export const BEGINNING = '2012-01-01T00:00:00.000Z'
