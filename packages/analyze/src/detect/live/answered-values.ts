import type { ValueKind } from '@timeskein/store'
import type { ValueTester } from '../values/value-tester.ts'

/** Values that are remembered of each kind; then all are forgotten. */
const MAX_KNOWN_VALUES = 50_000
/** Longer texts come but once. */
const MAX_KNOWN_UNITS = 1024
const NONE: readonly number[] = []

/** What values of a field, or of any, answer; those that came before are not looked at again. */
export class AnsweredValues {
  readonly #tester: ValueTester
  readonly #known = new Map<ValueKind, Map<string, readonly number[]>>()

  constructor(tester: ValueTester) {
    this.#tester = tester
  }

  /** The predicates that a value answers. */
  look(text: string, kind: ValueKind): readonly number[] {
    if (text.length > MAX_KNOWN_UNITS) return this.#tester.test(text, kind)
    let known = this.#known.get(kind)
    if (!known || known.size >= MAX_KNOWN_VALUES) {
      known = new Map()
      this.#known.set(kind, known)
    }
    let answered = known.get(text)
    if (!answered) {
      const found = this.#tester.test(text, kind)
      answered = found.length === 0 ? NONE : found
      known.set(text, answered)
    }
    return answered
  }
}
