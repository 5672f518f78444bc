import type { ApiAsks } from '@timeskein/model'
import { requireText } from '../arguments.ts'
import type { Backend, Question } from '../backend/backend.ts'
import { CliError } from '../cli-error.ts'
import type { CommandCall } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { lines } from '../output/prose.ts'

/** The question a command line asks: its query (words are joined), sketch, timeline and times. */
export async function readQuestion(
  call: CommandCall,
  commandName: string,
  query: string,
  backend: Backend,
  effects: Effects,
): Promise<Question> {
  const sketch = await backend.findSketch(requireText(call, 'sketch', commandName))
  const timeline = call.text('timeline')
  const from = call.text('from')
  const to = call.text('to')
  return {
    sketchId: sketch.id,
    query,
    ...(timeline === undefined ? {} : { timeline }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    signal: effects.signal,
  }
}

/** Prints how a question would be answered instead of the answer: a line a step, or with `--json` the list of them. */
export async function printPlan(
  call: CommandCall,
  backend: Backend,
  question: Question,
  asks: ApiAsks,
  effects: Effects,
): Promise<number> {
  const steps = await backend.explain(question, asks)
  if (call.flag('json')) await effects.writeData(`${JSON.stringify(steps)}\n`)
  else await effects.writeOut(lines(steps))
  return EXIT.ok
}

/** The one query among the positionals; several words need quotes, for `AND` and quotes mean something. */
export function readQueryText(call: CommandCall, commandName: string): string {
  if (call.positionals.length > 1)
    throw new CliError(
      `one query is expected, found ${call.positionals.length} words; put it in quotes: skein ${commandName} '${call.positionals.join(' ')}'`,
      EXIT.usage,
    )
  return call.positionals[0] ?? ''
}
