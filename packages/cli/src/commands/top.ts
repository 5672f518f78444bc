import { MAX_TOP_VALUES } from '@timeskein/model'
import { readWholeNumber } from '../arguments.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { answerOptions, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { countWords } from '../output/count-words.ts'
import { lines, prose } from '../output/prose.ts'
import { printPlan, readQuestion } from './question.ts'

const DEFAULT_SIZE = 10

/** `skein top`: the commonest values; how many events have others goes to standard error. */
export const topCommand: Command = {
  name: 'top',
  summary: "Count a field's commonest values.",
  usage: ['FIELD [QUERY] --sketch NAME|ID [options]'],
  options: answerOptions({
    limit: {
      type: 'string',
      short: 'n',
      value: 'N',
      help: `values to print (default ${DEFAULT_SIZE}, at most ${MAX_TOP_VALUES})`,
    },
  }),
  required: ['sketch'],
  examples: [
    { line: 'skein top Computer --sketch case', says: 'which machines speak most' },
    { line: "skein top User 'EventID:4625' -s case -n 20", says: 'whose log-ons fail' },
  ],
  async run(call, effects) {
    const [field, query = '', ...more] = call.positionals
    if (field === undefined || more.length > 0)
      throw new CliError(
        `a field and at most one query are expected, found ${call.positionals.length} words. See: skein top --help`,
        EXIT.usage,
      )
    await using backend = await openBackend(call, effects, { mustExist: true })
    const question = await readQuestion(call, 'top', query, backend, effects)
    const wanted = readWholeNumber(call, 'limit', 1) ?? DEFAULT_SIZE
    const size = Math.min(wanted, MAX_TOP_VALUES)
    if (call.flag('explain'))
      return await printPlan(call, backend, question, { kind: 'top', field, size }, effects)
    const answer = await backend.top(question, field, size)
    if (wanted > size && answer.otherCount > 0 && !call.flag('quiet'))
      effects.writeError(prose`only the first ${size.toLocaleString('en')} values are listed\n`)
    if (call.flag('json')) {
      await effects.writeData(`${JSON.stringify(answer.buckets)}\n`)
      return EXIT.ok
    }
    const width = answer.buckets.reduce((most, bucket) => Math.max(most, String(bucket.count).length), 1)
    const values = answer.buckets.map((bucket) => `${String(bucket.count).padStart(width)}  ${bucket.value}`)
    await effects.writeOut(lines(values))
    if (call.flag('quiet')) return EXIT.ok
    if (values.length === 0) effects.writeError(prose`no event has a value of ${field}\n`)
    if (answer.otherCount > 0)
      effects.writeError(prose`${countWords(answer.otherCount, 'event')} with other values\n`)
    return EXIT.ok
  },
}
