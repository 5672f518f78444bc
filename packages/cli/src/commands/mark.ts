import { requireText, splitWords } from '../arguments.ts'
import type { MarkRequest } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import {
  BACKEND_OPTIONS,
  type Command,
  type CommandCall,
  type OptionSpec,
  OUTPUT_OPTIONS,
  QUESTION_OPTIONS,
} from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { countWords } from '../output/count-words.ts'
import { prose } from '../output/prose.ts'
import { readQuestion } from './question.ts'

const QUERY_OPTION: OptionSpec = {
  type: 'string',
  value: 'QUERY',
  help: 'all events that answer this, instead of ids',
}

/** `skein tag`: one operation for each tag, on all events at once. */
export const tagCommand: Command = makeMarkCommand('tag', 'Put a tag on events.', 'tag', {
  type: 'string',
  short: 't',
  value: 'TAG',
  help: 'the tag; several are separated by commas',
})
/** `skein untag`: tags that came with the evidence are taken from it, too; `undo` brings them back. */
export const untagCommand: Command = makeMarkCommand('untag', 'Take a tag from events.', 'tag', {
  type: 'string',
  short: 't',
  value: 'TAG',
  help: 'the tag; several are separated by commas',
})
/** `skein star`: a star is the label that Timesketch shows as one. */
export const starCommand: Command = makeMarkCommand('star', 'Star events.', undefined, undefined)
/** `skein unstar`: events without a star count as matched, not as changed. */
export const unstarCommand: Command = makeMarkCommand(
  'unstar',
  'Take the star from events.',
  undefined,
  undefined,
)
/** `skein comment`: the same text on each event, as one operation. */
export const commentCommand: Command = makeMarkCommand('comment', 'Comment on events.', 'text', {
  type: 'string',
  short: 'm',
  value: 'TEXT',
  help: 'the comment',
})

function makeMarkCommand(
  kind: MarkRequest['kind'],
  summary: string,
  valueOption: string | undefined,
  spec: OptionSpec | undefined,
): Command {
  const value = valueOption === undefined ? '' : ` --${valueOption} ${spec?.value ?? ''}`
  return {
    name: kind,
    summary,
    usage: [`EVENT_ID... --sketch NAME|ID${value}`, `--query QUERY --sketch NAME|ID${value}`],
    options: {
      ...(valueOption === undefined || spec === undefined ? {} : { [valueOption]: spec }),
      query: QUERY_OPTION,
      ...QUESTION_OPTIONS,
      ...OUTPUT_OPTIONS,
      ...BACKEND_OPTIONS,
    },
    required: valueOption === undefined ? ['sketch'] : ['sketch', valueOption],
    examples: [
      {
        line: `skein ${kind} --query 'domain:"evil.example"' --sketch case${value === '' ? '' : ` --${valueOption} ${kind === 'comment' ? "'beacons every hour'" : 'lateral'}`}`,
        says: 'all events that answer; prints the operation’s id',
      },
      { line: 'skein undo OPERATION', says: 'takes it back' },
    ],
    run: async (call, effects) => await runMark(kind, valueOption, call, effects),
  }
}

async function runMark(
  kind: MarkRequest['kind'],
  valueOption: string | undefined,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const query = call.text('query')
  if ((query === undefined) === (call.positionals.length === 0))
    throw new CliError(`event ids or --query is expected, one of them. See: skein ${kind} --help`, EXIT.usage)
  const given = valueOption === undefined ? '' : requireText(call, valueOption, kind)
  const values = valueOption === 'tag' ? splitWords(given) : [given]
  await using backend = await openBackend(call, effects, { mustExist: true })
  const question = await readQuestion(call, kind, query ?? '', backend, effects)
  const target = query === undefined ? { ids: call.positionals } : { question }
  const reports = []
  for (const value of values)
    reports.push(await backend.mark({ sketchId: question.sketchId, kind, value, target }))
  const unknown = [...new Set(reports.flatMap((report) => report.unknown_ids))]
  if (call.flag('json'))
    await effects.writeData(`${JSON.stringify(reports.length === 1 ? reports[0] : reports)}\n`)
  else {
    for (const report of reports)
      await effects.writeOut(
        prose`${report.operation_id}  ${report.changed.toLocaleString('en')} of ${countWords(report.matched, 'event')} changed\n`,
      )
  }
  if (unknown.length > 0) {
    effects.writeError(
      prose`not in this sketch: ${unknown.slice(0, 20).join(', ')}${unknown.length > 20 ? ` and ${unknown.length - 20} more` : ''}\n`,
    )
    return EXIT.notFound
  }
  return EXIT.ok
}
