import { styleText } from 'node:util'
import { showControlCodes } from './terminal-text.ts'

// Not exported: nobody else makes one of a mere string.
class OwnText {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** For the writer. */
  get text(): string {
    return this.#text
  }
}

/**
 * Text for people in which only we put control codes: every value in it (names, messages, whatever evidence holds) had its own
 * made visible. Made by `prose`, `lines`, `concat` and `bold`, in no other way, so that nothing reaches a terminal past them.
 */
export type Prose = OwnText

/** A template of our own words with values in it; of the values only `Prose` may send control codes or end a line. */
export function prose(words: TemplateStringsArray, ...values: readonly (Prose | string | number)[]): Prose {
  return new OwnText(
    words.map((part, place) => part + (place < values.length ? show(values[place]) : '')).join(''),
  )
}

/** A line for each value, each with its end; nothing of nothing. */
export function lines(values: readonly (Prose | string)[]): Prose {
  return new OwnText(values.map((value) => `${show(value)}\n`).join(''))
}

/** One after the other. */
export function concat(...parts: readonly Prose[]): Prose {
  return new OwnText(parts.map((part) => part.text).join(''))
}

/** In bold letters. */
export function bold(value: string): Prose {
  return new OwnText(styleText('bold', show(value), { validateStream: false }))
}

function show(value: Prose | string | number | undefined): string {
  return value instanceof OwnText ? value.text : showControlCodes(String(value ?? ''))
}
