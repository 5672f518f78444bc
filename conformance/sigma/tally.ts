/** Counts what held and what did not, and says the latter at once. */
export class Tally {
  passed = 0
  failed = 0
  skipped = 0

  expect(isAsExpected: boolean, sentence: string): void {
    if (isAsExpected) this.passed++
    else {
      this.failed++
      process.stdout.write(`FAILED: ${sentence}\n`)
    }
  }

  skip(sentence: string): void {
    this.skipped++
    process.stdout.write(`skipped: ${sentence}\n`)
  }

  say(sentence: string): void {
    process.stdout.write(`${sentence}\n`)
  }

  print(name: string): void {
    process.stdout.write(`${name}: ${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped\n`)
  }
}
