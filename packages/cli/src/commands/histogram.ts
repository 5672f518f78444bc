import { openBackend } from '../backend/open-backend.ts'
import {
  BACKEND_OPTIONS,
  type Command,
  EXPLAIN_OPTION,
  OUTPUT_OPTIONS,
  QUESTION_OPTIONS,
} from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { lines } from '../output/prose.ts'
import { printPlan, readQueryText, readQuestion } from './question.ts'

const BAR_WIDTH = 40

/** `skein histogram`: buckets without events are left out; times are UTC. */
export const histogramCommand: Command = {
  name: 'histogram',
  summary: 'Count events over time.',
  usage: ['[QUERY] --sketch NAME|ID [options]'],
  options: {
    ...QUESTION_OPTIONS,
    interval: {
      type: 'string',
      value: 'I',
      help: 'minute, hour, day, week, month, year, or 30s, 5m, 6h … (default: what fits)',
    },
    explain: EXPLAIN_OPTION,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    { line: "skein histogram 'EventID:4625' --sketch case --interval hour", says: 'failed log-ons by hour' },
    { line: 'skein histogram -s case --json', says: 'prints [{"time": …, "count": …}, …]' },
  ],
  async run(call, effects) {
    const query = readQueryText(call, 'histogram')
    await using backend = await openBackend(call, effects)
    const question = await readQuestion(call, 'histogram', query, backend, effects)
    const interval = call.text('interval')
    if (call.flag('explain'))
      return await printPlan(
        call,
        backend,
        question,
        { kind: 'histogram', ...(interval === undefined ? {} : { interval }) },
        effects,
      )
    const answer = await backend.histogram(question, interval)
    if (call.flag('json')) {
      await effects.writeData(`${JSON.stringify(answer.buckets)}\n`)
      return EXIT.ok
    }
    const highest = answer.buckets.reduce((most, bucket) => Math.max(most, bucket.count), 1)
    const width = String(highest).length
    const bars = answer.buckets.map((bucket) =>
      `${bucket.time}  ${String(bucket.count).padStart(width)}  ${'#'.repeat(Math.ceil((bucket.count / highest) * BAR_WIDTH))}`.trimEnd(),
    )
    await effects.writeOut(lines(bars))
    return EXIT.ok
  },
}
