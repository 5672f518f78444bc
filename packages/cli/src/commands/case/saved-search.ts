import type { SavedSearch } from '@timeskein/sdk'
import { requireText } from '../../arguments.ts'
import { makeSearch } from '../../backend/timesketch/make-search.ts'
import {
  BACKEND_OPTIONS,
  type Command,
  type CommandCall,
  OUTPUT_OPTIONS,
  QUESTION_OPTIONS,
} from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { LISTING_OPTIONS } from '../../output/listing/formats.ts'
import { printListing } from '../../output/listing/print-listing.ts'
import { printResult } from '../../output/print-result.ts'
import { lines, prose } from '../../output/prose.ts'
import { openSketch } from '../../timesketch/open-sketch.ts'
import { pick } from '../../timesketch/pick.ts'
import { describeQuestion, withChips } from '../search/chips.ts'
import { CHIP_OPTIONS } from '../search/explore-options.ts'
import { readAction, requireArgument } from './actions.ts'

const ACTIONS = ['list', 'show', 'save', 'delete'] as const

/** `skein saved-search`: searches kept in a sketch, which Timesketch also calls views. */
export const savedSearchCommand: Command = {
  name: 'saved-search',
  summary: 'Keep searches in a sketch, and look at them.',
  usage: [
    'list --sketch NAME|ID',
    'show NAME|ID --sketch NAME|ID',
    'save NAME --query QUERY --sketch NAME|ID [options]',
    'delete NAME|ID --sketch NAME|ID',
  ],
  options: {
    ...QUESTION_OPTIONS,
    query: { type: 'string', value: 'QUERY', help: 'save: what is asked (default everything)' },
    description: { type: 'string', value: 'TEXT', help: 'save: what it is for' },
    ...CHIP_OPTIONS,
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    { line: "skein saved-search save Logins --query 'EventID:4624' -s case", says: 'keeps it' },
    { line: 'skein search --saved-search Logins -s case', says: 'runs it' },
  ],
  run: runSavedSearch,
}

async function runSavedSearch(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, savedSearchCommand, ACTIONS)
  const name = action === 'list' ? '' : requireArgument(call, savedSearchCommand, 1, 'a name')
  await using access = await openSketch(call, effects, requireText(call, 'sketch', 'saved-search'))
  const { savedSearches } = access.sketch
  if (action === 'save') {
    const description = call.text('description')
    const search = await readSearch(access, call, effects)
    const saved = await search.save(
      { name, ...(description === undefined ? {} : { description }) },
      access.options,
    )
    await printResult(toRow(saved), prose`saved search ${saved.id}: ${saved.name}\n`, call, effects)
    return EXIT.ok
  }
  const all = await savedSearches.list(access.options)
  if (action === 'list') {
    await printListing(all.map(toRow), ['id', 'name', 'query', 'owner'], call, effects)
    return EXIT.ok
  }
  const found = pick(all, name, 'saved search', (saved) => saved.name)
  if (action === 'delete') {
    await savedSearches.delete(found.id, access.options)
    await printResult({ deleted: found.id }, prose`saved search ${found.id} is deleted\n`, call, effects)
    return EXIT.ok
  }
  const { question } = await savedSearches.get(found.id, access.options)
  const about = [
    `${found.name} (saved search ${found.id})`,
    ...(found.description ? [found.description] : []),
  ]
  await printResult(
    { ...toRow(found), ...describeQuestion(question) },
    lines([
      ...about,
      ...Object.entries(describeQuestion(question)).map(
        ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      ),
    ]),
    call,
    effects,
  )
  return EXIT.ok
}

async function readSearch(
  access: Awaited<ReturnType<typeof openSketch>>,
  call: CommandCall,
  { signal }: Effects,
): ReturnType<typeof makeSearch> {
  const [timeline, from, to] = [call.text('timeline'), call.text('from'), call.text('to')]
  const search = await makeSearch(access.timesketch, {
    sketchId: access.sketch.id,
    query: call.text('query') ?? '',
    ...(timeline === undefined ? {} : { timeline }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    signal,
  })
  return withChips(search, call)
}

function toRow({ id, name, description, owner, question }: SavedSearch): {
  id: number
  name: string
  description: string
  query: string
  owner: string
} {
  return { id, name, description, query: question.query ?? '', owner }
}
