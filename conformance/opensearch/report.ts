import type { GeneratedEvent } from './events.ts'
import type { KnownDifference } from './known-differences.ts'
import { compareOutcomes, type Outcome, splitHits } from './outcome.ts'
import { printQuestion, type Question } from './question.ts'

const EVENTS_SHOWN = 2
const EVENT_LENGTH = 400

/** Sums what was compared and prints what differs, up to a number of times. */
export class Report {
  #failed = 0
  readonly #eventByUid: ReadonlyMap<string, GeneratedEvent>
  readonly #differences: readonly KnownDifference[]
  readonly #groups = new Map<string, { passed: number; failed: number; documented: number }>()
  readonly #documented = new Map<string, number>()
  readonly #mismatchesShown: number

  constructor(
    events: readonly GeneratedEvent[],
    differences: readonly KnownDifference[],
    mismatchesShown: number,
  ) {
    this.#eventByUid = new Map(events.map((event) => [event.uid, event]))
    this.#differences = differences
    this.#mismatchesShown = mismatchesShown
  }

  /** Checks so far that did not hold. */
  get failed(): number {
    return this.#failed
  }

  /** Counts a check of its own and says what is wrong when it does not hold. */
  expect(group: string, holds: boolean, complaint: string): void {
    const sums = this.#sumsOf(group)
    if (holds) sums.passed += 1
    else {
      sums.failed += 1
      this.#complain([complaint])
    }
  }

  /** Counts one question: as passed, as differing on purpose, or as failed. */
  compare(question: Question, ours: Outcome, theirs: Outcome): void {
    const sums = this.#sumsOf(question.group)
    const differing = compareOutcomes(ours, theirs)
    if (differing.length === 0) {
      sums.passed += 1
      return
    }
    const known =
      ours.kind === 'broken'
        ? undefined
        : this.#differences.find(({ applies }) => applies(question, ours, theirs))
    if (known) {
      sums.documented += 1
      this.#documented.set(known.id, (this.#documented.get(known.id) ?? 0) + 1)
      return
    }
    sums.failed += 1
    this.#complain([
      `${question.group}: ${printQuestion(question)}`,
      ...differing.slice(0, 3).map((line) => `  ${line}`),
      ...this.#describeHits(ours, theirs),
    ])
  }

  /** Prints the sums, the last line being the one that `conformance/run.ts` reads. */
  print(): void {
    const write = (line: string): boolean => process.stdout.write(`${line}\n`)
    if (this.#failed > this.#mismatchesShown) write(`… and ${this.#failed - this.#mismatchesShown} more`)
    const total = { passed: 0, documented: 0 }
    for (const [group, { passed, failed, documented }] of this.#groups) {
      total.passed += passed
      total.documented += documented
      write(`${group}: ${passed} equal, ${failed} failed, ${documented} as documented`)
    }
    for (const [id, count] of this.#documented) write(`  ${id}: ${count}`)
    write(`as documented: ${total.documented}`)
    write(`conformance/opensearch: ${total.passed} passed, ${this.#failed} failed, 0 skipped`)
  }

  #sumsOf(group: string): { passed: number; failed: number; documented: number } {
    const known = this.#groups.get(group)
    if (known) return known
    const sums = { passed: 0, failed: 0, documented: 0 }
    this.#groups.set(group, sums)
    return sums
  }

  #complain(lines: readonly string[]): void {
    this.#failed += 1
    if (this.#failed <= this.#mismatchesShown) process.stdout.write(`${lines.join('\n')}\n`)
  }

  #describeHits(ours: Outcome, theirs: Outcome): string[] {
    const { onlyOurs, onlyTheirs } = splitHits(ours, theirs)
    const describe = (who: string, uids: readonly string[]): string[] =>
      uids.slice(0, EVENTS_SHOWN).map((uid) => {
        const text = JSON.stringify(this.#eventByUid.get(uid) ?? uid)
        return `  only ${who}: ${text.slice(0, EVENT_LENGTH)}`
      })
    if (ours.kind !== 'hits' || theirs.kind !== 'hits') return []
    return [...describe('ours', onlyOurs), ...describe('theirs', onlyTheirs)]
  }
}
