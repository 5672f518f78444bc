/** Names beyond so many, and places beyond so many, are read as they come. */
const MAX_NAMES = 4096
const MAX_PLACES = 256
const MAX_NAME_LENGTH = 256

const QUOTE = 0x22

/**
 * Names of members as they stood in the objects before. Events of one kind have the same names in the same order: comparing
 * with the name that was there last time is quicker than cutting it out, and gives one string for all events, whose hash is known.
 */
export class UsualNames {
  readonly #byPlace: string[] = []
  readonly #known = new Map<string, string>()

  /** The name of the `place`th member, whose quote stands at `start`, if it is the one that was there last time. */
  recognise(place: number, text: string, start: number): string | undefined {
    const name = this.#byPlace[place]
    if (name === undefined || text.charCodeAt(start + 1 + name.length) !== QUOTE) return undefined
    return text.startsWith(name, start + 1) ? name : undefined
  }

  /** Remembers what a member was called, as written, and without escapes; gives the same name back. */
  learn(place: number, raw: string): string {
    const name = this.#known.get(raw) ?? this.#keep(raw)
    if (name !== undefined && place < MAX_PLACES) this.#byPlace[place] = name
    return name ?? raw
  }

  /** A copy, as a piece cut out of a text holds on to the whole text. */
  #keep(raw: string): string | undefined {
    if (this.#known.size >= MAX_NAMES || raw.length > MAX_NAME_LENGTH) return undefined
    const name = Array.from(raw).join('')
    this.#known.set(name, name)
    return name
  }
}
