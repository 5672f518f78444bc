import { requireText } from '../arguments.ts'
import type { Backend, TimelineRow } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { LISTING_OPTIONS } from '../output/listing/formats.ts'
import { printListing, readListingFormat } from '../output/listing/print-listing.ts'
import { prose } from '../output/prose.ts'
import { TIMELINE_ACTIONS } from './timeline/actions.ts'

/** `skein timeline`: timelines are named by their name or id; deleting one deletes its events for good. */
export const timelineCommand: Command = {
  name: 'timeline',
  summary: 'Manage the timelines of a sketch.',
  usage: [
    'list --sketch NAME|ID',
    'show NAME|ID --sketch NAME|ID',
    'rename NAME|ID NEW-NAME --sketch NAME|ID',
    'delete NAME|ID --sketch NAME|ID',
    'describe NAME|ID --sketch NAME|ID',
    'color NAME|ID HEX --sketch NAME|ID',
  ],
  options: {
    sketch: { type: 'string', short: 's', value: 'NAME|ID', help: 'the sketch it belongs to' },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    { line: 'skein timeline delete proxy --sketch case', says: 'removes the timeline and its events' },
    { line: 'skein timeline describe proxy --sketch case', says: 'its index, color, fields and files' },
  ],
  run: runTimeline,
}

const ACTIONS: ReadonlySet<string> = new Set(['list', 'show', 'rename', 'delete'])

async function runTimeline(call: CommandCall, effects: Effects): Promise<number> {
  const [action, name, newName] = call.positionals
  const more = TIMELINE_ACTIONS.find((one) => one === action)
  if (action === undefined || !(more || ACTIONS.has(action)))
    throw new CliError(
      `list, show, rename or delete is expected (or ${TIMELINE_ACTIONS.join(', ')}), found "${action ?? ''}"`,
      EXIT.usage,
    )
  if (more) {
    if (name === undefined)
      throw new CliError(`skein timeline ${more} needs a timeline. See: skein timeline --help`, EXIT.usage)
    const { runTimelineAction } = await import('./timeline/by-timesketch.ts')
    return await runTimelineAction(more, name, call, effects)
  }
  await using backend = await openBackend(call, effects, { mustExist: true })
  const sketch = await backend.findSketch(requireText(call, 'sketch', 'timeline'))
  if (action === 'list') {
    const timelines = await backend.listTimelines(sketch.id)
    return await print(timelines, timelines, call, effects)
  }
  if (name === undefined)
    throw new CliError(`skein timeline ${action} needs a timeline. See: skein timeline --help`, EXIT.usage)
  const timeline = await findTimeline(backend, sketch.id, name)
  switch (action) {
    case 'show':
      return await print(timeline, [timeline], call, effects)
    case 'rename': {
      if (newName === undefined) throw new CliError('skein timeline rename needs the new name', EXIT.usage)
      await backend.renameTimeline(sketch.id, timeline.id, newName)
      const renamed = { ...timeline, name: newName }
      return await print(renamed, [renamed], call, effects)
    }
    default:
      await backend.deleteTimeline(sketch.id, timeline.id)
      if (call.flag('json')) await effects.writeData(`${JSON.stringify({ deleted: timeline.id })}\n`)
      else await effects.writeOut(prose`timeline ${timeline.id} is deleted\n`)
      return EXIT.ok
  }
}

async function findTimeline(backend: Backend, sketchId: number, nameOrId: string): Promise<TimelineRow> {
  const timelines = await backend.listTimelines(sketchId)
  const found =
    timelines.find((line) => line.name === nameOrId) ?? timelines.find((line) => String(line.id) === nameOrId)
  if (!found)
    throw new CliError(
      `there is no timeline "${nameOrId}" in the sketch; it has ${timelines.map((line) => line.name).join(', ') || 'none'}`,
      EXIT.notFound,
    )
  return found
}

async function print(
  value: unknown,
  timelines: readonly TimelineRow[],
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  if (call.flag('json')) {
    await effects.writeData(`${JSON.stringify(value)}\n`)
    return EXIT.ok
  }
  const rows = timelines.map((line) => ({
    ...line,
    events: readListingFormat(call) === 'table' ? line.events.toLocaleString('en') : line.events,
    timeline: line.name,
  }))
  await printListing(rows, ['id', 'status', 'events', 'first', 'last', 'timeline'], call, effects)
  for (const line of timelines)
    if (line.problem !== '') effects.writeError(prose`${line.name}: ${line.problem}\n`)
  return EXIT.ok
}
