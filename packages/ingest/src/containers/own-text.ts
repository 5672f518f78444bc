import { Buffer } from 'node:buffer'

/** A text by itself: what was cut out of another keeps all of that in memory. */
export function copyText(text: string): string {
  return Buffer.from(text).toString()
}

/** The beginning of a text, by itself and with a mark where something was left out. */
export function shortenText(text: string, length: number): string {
  return text.length <= length ? text : `${copyText(text.slice(0, length))}…`
}
