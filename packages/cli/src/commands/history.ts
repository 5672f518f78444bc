import { readWholeNumber, requireText } from '../arguments.ts'
import { openBackend } from '../backend/open-backend.ts'
import { BACKEND_OPTIONS, type Command, OUTPUT_OPTIONS } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { formatTable } from '../output/table.ts'

const DEFAULT_LIMIT = 50

/** `skein history`: each line begins with the id that `skein undo` takes. */
export const historyCommand: Command = {
  name: 'history',
  summary: 'What was marked in a sketch, by whom, newest first.',
  usage: ['--sketch NAME|ID [options]'],
  options: {
    sketch: { type: 'string', short: 's', value: 'NAME|ID', help: 'the sketch' },
    limit: { type: 'string', short: 'n', value: 'N', help: `operations to print (default ${DEFAULT_LIMIT})` },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    { line: 'skein history --sketch case', says: 'each operation with the id that "skein undo" takes' },
  ],
  async run(call, effects) {
    await using backend = await openBackend(call, effects, { mustExist: true })
    const sketch = await backend.findSketch(requireText(call, 'sketch', 'history'))
    const operations = await backend.history(sketch.id, readWholeNumber(call, 'limit', 1) ?? DEFAULT_LIMIT)
    if (call.flag('json')) await effects.writeData(`${JSON.stringify(operations)}\n`)
    else {
      const rows = operations.map((one) => [
        one.id,
        // Minutes leave room for what was marked; `--json` has the rest.
        one.at.slice(0, 16).replace('T', ' '),
        one.user,
        one.state,
        one.kind,
        String(one.changed),
        one.query === undefined ? one.value : `${one.value}  (${one.query})`,
      ])
      await effects.writeOut(
        formatTable(['operation', 'at (UTC)', 'user', 'state', 'kind', 'events', 'what'], rows, {
          width: effects.columns,
          color: false,
          whole: ['operation', 'at (UTC)'],
        }),
      )
    }
    return EXIT.ok
  },
}
