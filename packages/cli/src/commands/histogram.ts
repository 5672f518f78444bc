import { openBackend } from '../backend/open-backend.ts'
import { answerOptions, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { lines, prose } from '../output/prose.ts'
import { printPlan, readQueryText, readQuestion } from './question.ts'

const BAR_WIDTH = 40
const MIN_BAR_WIDTH = 8

/** `skein histogram`: buckets without events are left out; times are UTC. */
export const histogramCommand: Command = {
  name: 'histogram',
  summary: 'Count events over time.',
  usage: ['[QUERY] --sketch NAME|ID [options]'],
  options: answerOptions({
    interval: {
      type: 'string',
      value: 'I',
      help: 'minute, hour, day, week, month, year, or 30s, 5m, 6h … (default: what fits)',
    },
  }),
  required: ['sketch'],
  examples: [
    { line: "skein histogram 'EventID:4625' --sketch case --interval hour", says: 'failed log-ons by hour' },
    { line: 'skein histogram -s case --json', says: 'prints [{"time": …, "count": …}, …]' },
  ],
  async run(call, effects) {
    const query = readQueryText(call, 'histogram')
    await using backend = await openBackend(call, effects, { mustExist: true })
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
    const room = effects.columns - 1 - (answer.buckets[0]?.time.length ?? 0) - 2 - width - 2
    const barWidth = Math.max(MIN_BAR_WIDTH, Math.min(BAR_WIDTH, room))
    const bars = answer.buckets.map((bucket) =>
      `${bucket.time}  ${String(bucket.count).padStart(width)}  ${'#'.repeat(Math.ceil((bucket.count / highest) * barWidth))}`.trimEnd(),
    )
    await effects.writeOut(lines(bars))
    if (bars.length === 0 && !call.flag('quiet')) effects.writeError(prose`no events\n`)
    return EXIT.ok
  },
}
