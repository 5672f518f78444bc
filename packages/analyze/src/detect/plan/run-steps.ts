import { Turns } from '@timeskein/store/texts'

/** Runs work that has many steps; between them the process does what else there is to do. */
export async function runInTurns<Made>(steps: Generator<void, Made, undefined>): Promise<Made> {
  const turns = new Turns()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (turns.isDue) await turns.giveWay()
  }
}

/** Runs it to its end at once. */
export function runAtOnce<Made>(steps: Generator<void, Made, undefined>): Made {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
