import { requireText } from '../arguments.ts'
import type { Backend, Question } from '../backend/backend.ts'
import { CliError } from '../cli-error.ts'
import type { CommandCall } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'

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

/** The one query among the positionals; several words need quotes, for `AND` and quotes mean something. */
export function readQueryText(call: CommandCall, commandName: string): string {
  if (call.positionals.length > 1)
    throw new CliError(
      `one query is expected, found ${call.positionals.length} words; put it in quotes: skein ${commandName} '${call.positionals.join(' ')}'`,
      EXIT.usage,
    )
  return call.positionals[0] ?? ''
}
