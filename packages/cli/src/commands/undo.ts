import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, OUTPUT_OPTIONS } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { countWords } from '../output/count-words.ts'
import { prose } from '../output/prose.ts'

/** `skein undo`: takes back one operation; marks that later operations put on the same events stay. */
export const undoCommand: Command = {
  name: 'undo',
  summary: 'Take a marking operation back.',
  usage: ['OPERATION [--sketch NAME|ID]'],
  options: {
    sketch: {
      type: 'string',
      short: 's',
      value: 'NAME|ID',
      help: 'refuse an operation of another sketch',
    },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    {
      line: 'skein undo 3a413e1c0a0a175cab2bd32eba8b978c',
      says: 'the id is printed by the operation and by "skein history"',
    },
  ],
  async run(call, effects) {
    const [id, ...more] = call.positionals
    if (id === undefined || more.length > 0)
      throw new CliError('one operation id is expected. See: skein history --help', EXIT.usage)
    await using backend = await openBackend(call, effects, { mustExist: true })
    const sketch = call.text('sketch')
    const sketchId = sketch === undefined ? undefined : (await backend.findSketch(sketch)).id
    const undone = await backend.undo(id, sketchId)
    if (call.flag('json')) await effects.writeData(`${JSON.stringify(undone)}\n`)
    else
      await effects.writeOut(
        prose`taken back: ${undone.kind} ${undone.value} on ${countWords(undone.changed, 'event')}\n`,
      )
    return EXIT.ok
  },
}
