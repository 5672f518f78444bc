import { openBackend } from '../backend/open-backend.ts'
import { answerOptions, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { prose } from '../output/prose.ts'
import { printPlan, readQueryText, readQuestion } from './question.ts'

/** `skein count`: always exact. */
export const countCommand: Command = {
  name: 'count',
  summary: 'Count the events that answer a query.',
  usage: ['[QUERY] --sketch NAME|ID [options]'],
  options: answerOptions(),
  required: ['sketch'],
  examples: [
    { line: 'skein count --sketch case', says: 'all events' },
    { line: "skein count 'status:404' -s case --json", says: 'prints {"count": 17}' },
  ],
  async run(call, effects) {
    const query = readQueryText(call, 'count')
    await using backend = await openBackend(call, effects, { mustExist: true })
    const question = await readQuestion(call, 'count', query, backend, effects)
    if (call.flag('explain')) return await printPlan(call, backend, question, { kind: 'count' }, effects)
    const { count } = await backend.count(question)
    if (call.flag('json')) await effects.writeData(`${JSON.stringify({ count })}\n`)
    else await effects.writeOut(prose`${count}\n`)
    return EXIT.ok
  },
}
