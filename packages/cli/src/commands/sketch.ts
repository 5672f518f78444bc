import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { countWords } from '../output/count-words.ts'
import { LISTING_OPTIONS } from '../output/listing/formats.ts'
import { printListing } from '../output/listing/print-listing.ts'
import { concat, lines, type Prose, prose } from '../output/prose.ts'
import { formatTable } from '../output/table.ts'
import { SKETCH_ACTIONS } from './sketch/actions.ts'

/** `skein sketch`: sketches are named by their name or id; a name of digits alone stands after `name:`. */
export const sketchCommand: Command = {
  name: 'sketch',
  summary: 'Manage sketches: investigations with their timelines.',
  usage: [
    'list',
    'create NAME [--description TEXT]',
    'show NAME|ID',
    'rename NAME|ID NEW-NAME',
    'delete NAME|ID [--dry-run]',
    'archive|unarchive NAME|ID',
    'export NAME|ID --out FILE|-',
    'labels NAME|ID',
    'label|unlabel NAME|ID LABEL...',
  ],
  options: {
    description: { type: 'string', value: 'TEXT', help: 'what the new sketch is about' },
    out: {
      type: 'string',
      short: 'o',
      value: 'FILE|-',
      help: 'export: stories, charts, saved searches and marked events as a ZIP',
    },
    'dry-run': { type: 'boolean', help: 'delete: show what would go, and stop' },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    { line: 'skein sketch create "Case 2026-014"', says: 'a new investigation' },
    { line: 'skein sketch show case', says: 'its timelines with events and times' },
    { line: 'skein sketch show name:3', says: 'the sketch whose name is 3, not the third' },
    { line: 'skein sketch export case --out case.zip', says: 'everything made of it, to keep or hand on' },
  ],
  run: runSketch,
}

const ACTIONS: ReadonlySet<string> = new Set(['list', 'create', 'show', 'rename', 'delete'])

async function runSketch(call: CommandCall, effects: Effects): Promise<number> {
  const [action, name, newName] = call.positionals
  const more = SKETCH_ACTIONS.find((one) => one === action)
  if (action === undefined || !(more || ACTIONS.has(action)))
    throw new CliError(
      `list, create, show, rename or delete is expected (or ${SKETCH_ACTIONS.join(', ')}), found "${action ?? ''}"`,
      EXIT.usage,
    )
  if (action !== 'list' && name === undefined)
    throw new CliError(`skein sketch ${action} needs a name. See: skein sketch --help`, EXIT.usage)
  if (action === 'rename' && newName === undefined)
    throw new CliError('skein sketch rename needs the new name', EXIT.usage)
  if (more) {
    const { runSketchAction } = await import('./sketch/by-timesketch.ts')
    return await runSketchAction(more, name ?? '', call, effects)
  }
  await using backend = await openBackend(call, effects)
  const print = async (value: unknown, text: Prose): Promise<number> => {
    if (call.flag('json')) await effects.writeData(`${JSON.stringify(value)}\n`)
    else await effects.writeOut(text)
    return EXIT.ok
  }
  const draw = (header: readonly string[], rows: readonly (readonly string[])[]): Prose =>
    formatTable(header, rows, { width: effects.columns, color: false })
  if (name === undefined) {
    const sketches = await backend.listSketches()
    const rows = sketches.map((sketch) => ({ ...sketch, updated: sketch.updatedAt }))
    if (call.flag('json')) return await print(sketches, lines([]))
    await printListing(rows, ['id', 'status', 'owner', 'updated', 'name'], call, effects)
    return EXIT.ok
  }
  switch (action) {
    case 'create': {
      const sketch = await backend.createSketch(name, call.text('description'))
      return await print(sketch, prose`sketch ${sketch.id}: ${sketch.name}\n`)
    }
    case 'show': {
      const sketch = await backend.findSketch(name)
      const timelines = await backend.listTimelines(sketch.id)
      const rows = timelines.map((line) => [
        String(line.id),
        line.status,
        line.events.toLocaleString('en'),
        line.first ?? '',
        line.last ?? '',
        line.name,
      ])
      const head = [
        `${sketch.name} (sketch ${sketch.id}, ${sketch.status})`,
        ...(sketch.description ? sketch.description.split('\n') : []),
      ]
      return await print(
        { ...sketch, timelines },
        concat(lines(head), draw(['id', 'status', 'events', 'first', 'last', 'timeline'], rows)),
      )
    }
    case 'rename': {
      const sketch = await backend.renameSketch((await backend.findSketch(name)).id, newName ?? name)
      return await print(sketch, prose`sketch ${sketch.id}: ${sketch.name}\n`)
    }
    default: {
      const sketch = await backend.findSketch(name)
      if (call.flag('dry-run')) {
        const timelines = await backend.listTimelines(sketch.id)
        const told = timelines.map(
          (line) => `  timeline ${line.id}: ${line.name}, ${countWords(line.events, 'event')}`,
        )
        return await print(
          { would_delete: sketch.id, timelines },
          lines([`would delete sketch ${sketch.id}: ${sketch.name}`, ...told]),
        )
      }
      await backend.deleteSketch(sketch.id)
      return await print({ deleted: sketch.id }, prose`sketch ${sketch.id} is deleted\n`)
    }
  }
}
