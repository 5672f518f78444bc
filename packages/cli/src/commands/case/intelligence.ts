import type { Indicator } from '@timeskein/sdk'
import { readWords, requireText } from '../../arguments.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { LISTING_OPTIONS } from '../../output/listing/formats.ts'
import { type ListingRow, printListing } from '../../output/listing/print-listing.ts'
import { printResult } from '../../output/print-result.ts'
import { prose } from '../../output/prose.ts'
import { openSketch } from '../../timesketch/open-sketch.ts'
import { readAction, requireArgument, SKETCH_OPTION } from './actions.ts'

const ACTIONS = ['list', 'add'] as const
/** What Timesketch calls an indicator of no kind it knows. */
const DEFAULT_TYPE = 'other'
const COLUMNS = ['ioc', 'type', 'tags'] as const

/** `skein intelligence`: indicators noted in a sketch. Adding keeps those there are (Timesketch's own command replaces them). */
export const intelligenceCommand: Command = {
  name: 'intelligence',
  summary: 'Note indicators in a sketch: addresses, hashes, domains.',
  usage: [
    'list --sketch NAME|ID [--columns ioc,type,tags]',
    'add IOC... --sketch NAME|ID [--type TYPE] [--tag TAG]...',
  ],
  options: {
    sketch: SKETCH_OPTION,
    columns: {
      type: 'string',
      value: 'A,B',
      help: `list: which, in which order (default ${COLUMNS.join(',')})`,
    },
    type: {
      type: 'string',
      value: 'TYPE',
      help: `add: ipv4, hostname, hash_sha256, hash_sha1, hash_md5 … (default ${DEFAULT_TYPE})`,
    },
    tag: {
      type: 'string',
      short: 't',
      value: 'TAG',
      multiple: true,
      help: 'add: a tag; several are separated by commas',
    },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    { line: 'skein intelligence add 198.51.100.7 --type ipv4 -t c2 -s case', says: 'notes an address' },
  ],
  run: runIntelligence,
}

async function runIntelligence(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, intelligenceCommand, ACTIONS)
  if (action === 'add') requireArgument(call, intelligenceCommand, 1, 'an indicator')
  const columns = readWords(call, 'columns')
  await using access = await openSketch(call, effects, requireText(call, 'sketch', 'intelligence'))
  const { attributes } = access.sketch
  if (action === 'list') {
    const all = await attributes.indicators(access.options)
    await printListing(all.map(toRow), columns.length > 0 ? columns : COLUMNS, call, effects)
    return EXIT.ok
  }
  const type = call.text('type') ?? DEFAULT_TYPE
  const tags = readWords(call, 'tag')
  const added = call.positionals.slice(1).map((ioc): Indicator => ({ ioc, type, tags }))
  await attributes.addIndicators(added, access.options)
  await printResult(
    added.map(toRow),
    prose`noted: ${added.map(({ ioc }) => ioc).join(', ')}\n`,
    call,
    effects,
  )
  return EXIT.ok
}

function toRow({ ioc, type, tags, externalUri }: Indicator): ListingRow {
  return { ioc, type, tags, ...(externalUri === undefined ? {} : { externalURI: externalUri }) }
}
