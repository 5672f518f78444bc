import { type EventDetail, stringifyExactJson } from '@timeskein/sdk'
import { readPairs, readWords, requireText } from '../../arguments.ts'
import { findEvents } from '../../backend/timesketch/find-events.ts'
import { CliError } from '../../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { printResult } from '../../output/print-result.ts'
import { lines, prose } from '../../output/prose.ts'
import { openSketch, type SketchAccess } from '../../timesketch/open-sketch.ts'
import { readAction, requireArgument, SKETCH_OPTION } from './actions.ts'

const ACTIONS = ['show', 'add', 'annotate'] as const
/** Parts of an event that have options of their own (the server refuses them as attributes). */
const OF_EVENT: ReadonlySet<string> = new Set(['date_string', 'timestamp_desc', 'message', 'tag'])

/** `skein event`: single events, by their ids; `skein tag` and its like mark any number of them. */
export const eventCommand: Command = {
  name: 'event',
  summary: 'Look at single events, add one by hand, annotate them.',
  usage: [
    'show EVENT_ID... --sketch NAME|ID',
    'add --message TEXT --date T --timestamp-desc TEXT --sketch NAME|ID [--attribute NAME=VALUE]... [--tag TAG]...',
    'annotate EVENT_ID... --sketch NAME|ID [--tag TAG]... [--comment TEXT]...',
  ],
  options: {
    sketch: SKETCH_OPTION,
    message: { type: 'string', short: 'm', value: 'TEXT', help: 'add: what happened' },
    date: { type: 'string', value: 'T', help: 'add: when (2026-03-10T12:00:00Z)' },
    'timestamp-desc': { type: 'string', value: 'TEXT', help: 'add: what the time means' },
    attribute: { type: 'string', value: 'NAME=VALUE', multiple: true, help: 'add: a field more' },
    tag: {
      type: 'string',
      short: 't',
      value: 'TAG',
      multiple: true,
      help: 'a tag; several are separated by commas',
    },
    comment: { type: 'string', value: 'TEXT', multiple: true, help: 'annotate: a comment' },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    {
      line: "skein event add -m 'Call of the bank' --date 2026-03-10T09:30:00Z --timestamp-desc Noted -s case",
      says: 'an event made by hand',
    },
    {
      line: "skein event annotate EVENT_ID -s case --tag lure --comment 'seen by ana'",
      says: 'tag and comment at once',
    },
  ],
  run: runEvent,
}

async function runEvent(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, eventCommand, ACTIONS)
  const draft = action === 'add' ? readDraft(call) : undefined
  if (action !== 'add') requireArgument(call, eventCommand, 1, 'an event’s id')
  const tags = readWords(call, 'tag')
  const comments = call.texts('comment')
  if (action === 'annotate' && tags.length + comments.length === 0)
    throw new CliError('--tag or --comment is needed: what the events are to get', EXIT.usage)
  await using access = await openSketch(call, effects, requireText(call, 'sketch', 'event'))
  const { events } = access.sketch
  if (draft) {
    const timeline = await events.create({ ...draft, tags }, access.options)
    const value = { timeline_id: timeline.id, timeline: timeline.name }
    await printResult(value, prose`added to the timeline ${timeline.name} (${timeline.id})\n`, call, effects)
    return EXIT.ok
  }
  const ids = [...new Set(call.positionals.slice(1))]
  const found = await findEvents(access.sketch, ids, access.options)
  const refs = [...found.values()]
  if (action === 'annotate' && refs.length > 0) {
    if (tags.length > 0) await events.tag(refs, tags, access.options)
    for (const ref of refs) for (const text of comments) await events.comment(ref, text, access.options)
  }
  await printEvents(access, refs, call, effects)
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length === 0) return EXIT.ok
  effects.writeError(prose`not in this sketch: ${missing.join(', ')}\n`)
  return EXIT.notFound
}

async function printEvents(
  { sketch, options }: SketchAccess,
  refs: readonly { readonly id: string; readonly index: string }[],
  call: CommandCall,
  effects: Effects,
): Promise<void> {
  const details: EventDetail[] = []
  for (const ref of refs) details.push(await sketch.events.get(ref, options))
  const values = details.map(({ id, fields, comments }) => ({
    _id: id,
    ...fields,
    comments: comments.map(({ text, author, createdAt }) => ({ text, author, at: createdAt ?? null })),
  }))
  if (call.flag('json')) return await effects.writeData(`${stringifyExactJson(values)}\n`)
  for (const value of values)
    await effects.writeOut(
      lines(
        Object.entries(value).map(
          ([name, member]) => `${name}: ${typeof member === 'string' ? member : stringifyExactJson(member)}`,
        ),
      ),
    )
}

function readDraft(call: CommandCall): {
  message: string
  datetime: string
  timestampDesc: string
  attributes: Record<string, string>
} {
  const attributes = readPairs(call, 'attribute', 'user=ana')
  const taken = Object.keys(attributes).filter((name) => OF_EVENT.has(name))
  if (taken.length > 0)
    throw new CliError(`--attribute takes no ${taken.join(', ')}: it is a part of the event`, EXIT.usage)
  return {
    message: requireText(call, 'message', 'event'),
    datetime: requireText(call, 'date', 'event'),
    timestampDesc: requireText(call, 'timestamp-desc', 'event'),
    attributes,
  }
}
