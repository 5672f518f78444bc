/** Counts what a check found, and shows the first failures in full. */
export class Report {
  passed = 0
  failed = 0
  skipped = 0
  readonly #maxShown: number
  #shown = 0

  /** @param maxShown - Failures that are shown. */
  constructor(maxShown: number) {
    this.#maxShown = maxShown
  }

  pass(count = 1): void {
    this.passed += count
  }

  fail(what: string): void {
    this.failed++
    if (this.#shown++ < this.#maxShown) process.stdout.write(`FAIL ${what}\n`)
  }

  skip(why: string): void {
    this.skipped++
    process.stdout.write(`skipped: ${why}\n`)
  }

  say(sentence: string): void {
    process.stdout.write(`${sentence}\n`)
  }
}
