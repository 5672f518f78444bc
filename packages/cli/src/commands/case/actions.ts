import { CliError } from '../../cli-error.ts'
import type { Command, CommandCall, OptionSpec } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'

/** The option of a verb that works on one sketch. */
export const SKETCH_OPTION: OptionSpec = {
  type: 'string',
  short: 's',
  value: 'NAME|ID',
  help: 'the sketch it belongs to',
}

/** The action that begins a command line, one of those that a verb has. @throws {CliError} For any other. */
export function readAction<Action extends string>(
  call: CommandCall,
  command: Pick<Command, 'name'>,
  actions: readonly Action[],
): Action {
  const [given = ''] = call.positionals
  const action = actions.find((one) => one === given)
  if (action !== undefined) return action
  const words = actions.length === 1 ? actions[0] : `${actions.slice(0, -1).join(', ')} or ${actions.at(-1)}`
  throw new CliError(`${words} is expected, found "${given}". See: skein ${command.name} --help`, EXIT.usage)
}

/** What stands after the action. @param what - For the message: `a name`. @throws {CliError} When nothing does. */
export function requireArgument(
  call: CommandCall,
  command: Pick<Command, 'name'>,
  place: number,
  what: string,
): string {
  const given = call.positionals[place]
  if (given !== undefined && given !== '') return given
  const action = call.positionals[0] ?? ''
  throw new CliError(
    `skein ${command.name} ${action} needs ${what}. See: skein ${command.name} --help`,
    EXIT.usage,
  )
}
