import type { Buffer } from 'node:buffer'

/** What one file of a collection says of the host that it was taken from. */
export interface Clue {
  /** The folder of the container that it speaks of: '' or a name that ends in a slash. */
  readonly root: string
  /** The tool that collected. */
  readonly tool?: string
  readonly hostName?: string
  /** IANA name. */
  readonly timeZone?: string
  /** What is said by a lower number counts before the same thing said by a higher one. */
  readonly rank: number
}

/** Tells hosts by one kind of file. */
export interface ClueReader {
  /** Bytes of the file that are looked at; the rest is passed over. */
  readonly maxBytes: number
  /** @param name - Of the entry, with slashes, as the container has it. */
  matches(name: string): boolean
  /** @param bytes - The file, or its beginning. */
  read(name: string, bytes: Buffer): Clue | undefined
}

/** The folder of a name, with the slash at its end; '' at the top. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1)
}

/** A host's name as it is shown and searched, or undefined when it is none. */
export function cleanHostName(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const name = text.trim()
  return /^[^\s/\\\p{Cc}]{1,255}$/u.test(name) ? name : undefined
}
