import type { ValueKind } from '@timeskein/store'
import type { LinePlace, LiteralsTell, ValueTester } from '../values/value-tester.ts'

/** Values that are remembered of each kind; then all are forgotten. */
const MAX_KNOWN_VALUES = 50_000
/** Of longer texts it is asked at first what literals tell: the rest is looked at when somebody wants to know it. */
const MAX_KNOWN_UNITS = 1024
const NOTHING: readonly number[] = []
const NOTHING_TOLD: LiteralsTell = { sure: NOTHING, maybe: NOTHING }

/** What values of a field, or of any, answer; those that came before are not looked at again. */
export class AnsweredValues {
  readonly #tester: ValueTester
  readonly #known = new Map<ValueKind, Map<string, LiteralsTell>>()

  constructor(tester: ValueTester) {
    this.#tester = tester
  }

  /** What a line of a value tells of it; of a short value that is one line nothing is left open. */
  look(line: string, kind: ValueKind, place: LinePlace): LiteralsTell {
    if (place.isFirst && place.isLast && line.length <= MAX_KNOWN_UNITS) return this.#lookUp(line, kind)
    return keepSmall(this.#tester.lookAtLine(line, place))
  }

  /** Whether a value answers a predicate that was left open. */
  test(predicate: number, text: string, kind: ValueKind): boolean {
    return this.#tester.testOne(predicate, text, kind)
  }

  #lookUp(text: string, kind: ValueKind): LiteralsTell {
    let known = this.#known.get(kind)
    if (!known || known.size >= MAX_KNOWN_VALUES) {
      known = new Map()
      this.#known.set(kind, known)
    }
    let answered = known.get(text)
    if (!answered) {
      answered = keepSmall({ sure: this.#tester.test(text, kind), maybe: NOTHING })
      known.set(text, answered)
    }
    return answered
  }
}

/** Most values answer nothing. */
function keepSmall(told: LiteralsTell): LiteralsTell {
  return told.sure.length === 0 && told.maybe.length === 0 ? NOTHING_TOLD : told
}
