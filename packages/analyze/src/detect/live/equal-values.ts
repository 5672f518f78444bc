import type { Predicate } from '../plan/predicate.ts'
import type { LinePlace, LiteralsTell } from '../values/value-tester.ts'

const NOTHING: LiteralsTell = { sure: [], maybe: [] }

/** Predicates that ask whether any value of an event is a text, in whichever case: keywords that are numbers. */
export class EqualValues {
  readonly #byText = new Map<string, LiteralsTell>()

  constructor(predicates: Iterable<Predicate>) {
    for (const { number, query } of predicates) {
      if (query.kind !== 'match' || query.field !== undefined) continue
      const text = query.text.toLowerCase()
      this.#byText.set(text, { sure: [...(this.#byText.get(text)?.sure ?? []), number], maybe: [] })
    }
  }

  /** True where nobody asks. */
  get isEmpty(): boolean {
    return this.#byText.size === 0
  }

  /** What a line of a value tells of it. */
  look(line: string, _: unknown, { isFirst, isLast }: LinePlace): LiteralsTell {
    return isFirst && isLast ? (this.#byText.get(line.toLowerCase()) ?? NOTHING) : NOTHING
  }

  /** Nothing is ever left open. */
  test(): boolean {
    return false
  }
}
