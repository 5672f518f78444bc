import type { SketchAttribute } from '@timeskein/sdk'
import { requireText } from '../../arguments.ts'
import { CliError } from '../../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { LISTING_OPTIONS } from '../../output/listing/formats.ts'
import { type ListingRow, printListing } from '../../output/listing/print-listing.ts'
import { printResult } from '../../output/print-result.ts'
import { prose } from '../../output/prose.ts'
import { openSketch } from '../../timesketch/open-sketch.ts'
import { readAction, requireArgument, SKETCH_OPTION } from './actions.ts'

const ACTIONS = ['list', 'set', 'remove'] as const
const DEFAULT_ONTOLOGY = 'text'

/** `skein attribute`: what a sketch says of its case in a name and values, each of a kind that Timesketch calls its ontology. */
export const attributeCommand: Command = {
  name: 'attribute',
  summary: 'Say things of a sketch by name: ticket, client, severity.',
  usage: [
    'list --sketch NAME|ID',
    'set NAME VALUE... --sketch NAME|ID [--ontology KIND]',
    'remove NAME --sketch NAME|ID [--ontology KIND]',
  ],
  options: {
    sketch: SKETCH_OPTION,
    ontology: {
      type: 'string',
      value: 'KIND',
      help: `text, int, float, bool, url.safe, domain … (set: default ${DEFAULT_ONTOLOGY})`,
    },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    { line: 'skein attribute set ticket CASE-2026-014 -s case', says: 'one value; several are a list' },
  ],
  run: runAttribute,
}

async function runAttribute(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, attributeCommand, ACTIONS)
  const name = action === 'list' ? '' : requireArgument(call, attributeCommand, 1, 'a name')
  const values = call.positionals.slice(2)
  if (action === 'set') requireArgument(call, attributeCommand, 2, 'a value')
  await using access = await openSketch(call, effects, requireText(call, 'sketch', 'attribute'))
  const { attributes } = access.sketch
  if (action === 'set') {
    const ontology = call.text('ontology') ?? DEFAULT_ONTOLOGY
    await attributes.set({ name, values, ontology }, access.options)
    await printResult(
      { name, ontology, values },
      prose`${name} (${ontology}): ${values.join(', ')}\n`,
      call,
      effects,
    )
    return EXIT.ok
  }
  const all = await attributes.list(access.options)
  if (action === 'list') {
    await printListing(all.map(toRow), ['name', 'ontology', 'values'], call, effects)
    return EXIT.ok
  }
  const wanted = call.text('ontology')
  const found = all.find((one) => one.name === name && (wanted === undefined || one.ontology === wanted))
  if (!found)
    throw new CliError(
      `the sketch has no attribute "${name}"${wanted === undefined ? '' : ` of the kind ${wanted}`}; it has ${all.map((one) => one.name).join(', ') || 'none'}`,
      EXIT.notFound,
    )
  await attributes.delete(name, found.ontology, access.options)
  await printResult({ deleted: name }, prose`${name} is removed\n`, call, effects)
  return EXIT.ok
}

function toRow({ name, ontology, values }: SketchAttribute): ListingRow {
  return { name, ontology, values: values.length === 1 ? values[0] : values }
}
