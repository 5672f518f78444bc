import type { Command, CommandCall } from '../command.ts'
import type { Effects } from '../effects.ts'
import { choosePlace } from './choose-place.ts'
import { readRc, timesketchRcPath } from './rc-files.ts'

/** The section of `~/.timesketchrc` in which Timesketch's own command remembers sketch and format. */
export const CLI_SECTION = 'cli'

/** What is remembered for Timesketch servers. */
export interface Remembered {
  /** Id, as text. */
  readonly sketch: string | undefined
  readonly output_format: string | undefined
}

/** Reads it; nothing is remembered where there is no file. */
export async function readRemembered(effects: Effects): Promise<Remembered> {
  const values = (await readRc(timesketchRcPath(effects))).get(CLI_SECTION)
  return {
    sketch: values?.get('sketch') || undefined,
    // The second is what older ones wrote.
    output_format: values?.get('output_format') || values?.get('output') || undefined,
  }
}

/** The call with what is remembered for options that were not given, where it goes to a Timesketch server. */
export async function fillInRemembered(
  command: Command,
  call: CommandCall,
  effects: Effects,
): Promise<CommandCall> {
  const { sketch, format } = command.options
  const wantsSketch = sketch !== undefined && call.text('sketch') === undefined
  const wantsFormat = format !== undefined && call.text('format') === undefined && !call.flag('json')
  if (!('server' in command.options) || command.name === 'config' || !(wantsSketch || wantsFormat))
    return call
  const isServer =
    call.text('profile') !== undefined || call.text('server') !== undefined || effects.env['SKEIN_PROFILE']
  if (!isServer || (await choosePlace(call, effects)).kind !== 'timesketch') return call
  const remembered = await readRemembered(effects)
  const choices = format?.value?.split('|') ?? []
  // A file's format is said by whoever wants the file.
  const isFormatFree = wantsFormat && !command.required?.includes('out')
  const filled: Readonly<Record<string, string | undefined>> = {
    ...(wantsSketch ? { sketch: remembered.sketch } : {}),
    ...(isFormatFree && choices.includes(remembered.output_format ?? '')
      ? { format: remembered.output_format }
      : {}),
  }
  return { ...call, text: (name) => call.text(name) ?? filled[name] }
}
