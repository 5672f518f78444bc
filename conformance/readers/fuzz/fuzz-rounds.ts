import { setImmediate } from 'node:timers/promises'
import type { Reject } from '@timeskein/model'
import { type Choices, createChoices } from '../../opensearch/random.ts'

/** Rounds after which a worker tells what it found. */
export const TELL_EVERY = 100
/** Numbers that readers stumble over. */
export const ODD: readonly number[] = [
  0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
]

/** One damaged input. */
export interface FuzzRound {
  /** From 1. */
  readonly number: number
  readonly choices: Choices
  /** Notes what is wrong; what is thrown is noted as well. */
  readonly fail: (problem: string) => void
}

/**
 * Does the rounds that the command line asks for (SEED ROUNDS), and prints what they found after each hundred, a JSON value a line,
 * for `judgeFuzz`.
 */
export async function fuzzRounds(work: (round: FuzzRound) => void): Promise<void> {
  const [seed = 1, rounds = 1000] = process.argv.slice(2).map(Number)
  let failures: string[] = []
  for (let number = 1; number <= rounds; number++) {
    // A seed of its own for each round: one can be repeated without those before it.
    const choices = createChoices(seed * 1_000_003 + number)
    for (let warmUp = 0; warmUp < 3; warmUp++) choices.next()
    const fail = (problem: string): void => {
      failures.push(`seed ${seed}, round ${number}: ${problem}`)
    }
    try {
      work({ number, choices, fail })
    } catch (error) {
      fail(describeThrown(error))
    }
    if (number % TELL_EVERY === 0 || number === rounds) {
      const residentBytes = process.memoryUsage.rss()
      process.stdout.write(`${JSON.stringify({ rounds: number, residentBytes, failures })}\n`)
      failures = []
      // What native objects held is given back between turns of the event loop only.
      await setImmediate()
    }
  }
}

/** What a reader says that failed in a way nobody foresaw; the importer goes on, but it is a fault all the same. */
export function findFault(rejects: readonly Reject[]): string | undefined {
  return rejects.find(({ reason }) => reason === 'reader-failed')?.detail
}

/** An error with the place it comes from. */
export function describeThrown(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
