import { stringifyExactJson } from '@timeskein/sdk'
import type { CommandCall } from '../command.ts'
import type { Effects } from '../effects.ts'
import type { Prose } from './prose.ts'

/** Prints one result: with `--json` the value for programs, else the text for people. */
export async function printResult(
  value: unknown,
  text: Prose,
  call: CommandCall,
  effects: Effects,
): Promise<void> {
  if (call.flag('json')) await effects.writeData(`${stringifyExactJson(value)}\n`)
  else await effects.writeOut(text)
}
