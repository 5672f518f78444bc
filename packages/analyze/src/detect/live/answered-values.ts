import type { ValueKind } from '@timeskein/store'
import type { ValueTester } from '../values/value-tester.ts'

/** Values that are remembered of each kind; then all are forgotten. */
const MAX_KNOWN_VALUES = 50_000
/** Longer texts come but once: they are looked at when somebody asks. */
export const MAX_KNOWN_UNITS = 1024
const NONE: readonly number[] = []

/** What values of a field, or of any, answer; those that came before are not looked at again. */
export class AnsweredValues {
  readonly #tester: ValueTester
  readonly #known = new Map<ValueKind, Map<string, readonly number[]>>()
  #lastText: string | undefined
  #lastKind: ValueKind | undefined
  #lastAnswered = NONE

  constructor(tester: ValueTester) {
    this.#tester = tester
  }

  /** The predicates that a value answers. */
  look(text: string, kind: ValueKind): readonly number[] {
    if (text.length > MAX_KNOWN_UNITS) return this.#tester.test(text, kind)
    // Values next to each other are often the same.
    if (this.#lastText === text && this.#lastKind === kind) return this.#lastAnswered
    this.#lastText = text
    this.#lastKind = kind
    this.#lastAnswered = this.#lookUp(text, kind)
    return this.#lastAnswered
  }

  #lookUp(text: string, kind: ValueKind): readonly number[] {
    let known = this.#known.get(kind)
    if (!known || known.size >= MAX_KNOWN_VALUES) {
      known = new Map()
      this.#known.set(kind, known)
    }
    let answered = known.get(text)
    if (!answered) {
      const found = this.#tester.test(text, kind)
      answered = found.length === 0 ? NONE : found
      // A copy: the text itself may be a piece of a whole column's.
      known.set(Buffer.from(text).toString(), answered)
    }
    return answered
  }
}
