import { aggregationBlock, type Story, type StoryBlock, savedSearchBlock, textBlock } from '@timeskein/sdk'
import { readChoice, requireText } from '../../arguments.ts'
import { CliError } from '../../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { countWords } from '../../output/count-words.ts'
import { LISTING_OPTIONS } from '../../output/listing/formats.ts'
import { printListing } from '../../output/listing/print-listing.ts'
import { printResult } from '../../output/print-result.ts'
import { prose } from '../../output/prose.ts'
import { openSketch, type SketchAccess } from '../../timesketch/open-sketch.ts'
import { pick } from '../../timesketch/pick.ts'
import { readAction, requireArgument, SKETCH_OPTION } from './actions.ts'

const ACTIONS = ['list', 'create', 'show', 'add', 'delete'] as const

/** `skein story`: what is told of a case, with searches and charts in it. */
export const storyCommand: Command = {
  name: 'story',
  summary: 'Tell the story of a sketch: text, saved searches, charts.',
  usage: [
    'list --sketch NAME|ID',
    'create TITLE --sketch NAME|ID [--text MARKDOWN]',
    'show TITLE|ID --sketch NAME|ID [--to markdown|html]',
    'add TITLE|ID --sketch NAME|ID [--text MARKDOWN] [--saved-search NAME|ID] [--aggregation NAME|ID]',
    'delete TITLE|ID --sketch NAME|ID',
  ],
  options: {
    sketch: SKETCH_OPTION,
    text: { type: 'string', short: 'm', value: 'MARKDOWN', help: 'a paragraph' },
    'saved-search': { type: 'string', value: 'NAME|ID', help: 'the events of a saved search' },
    aggregation: { type: 'string', value: 'NAME|ID', help: 'the chart of a saved aggregation' },
    to: { type: 'string', value: 'markdown|html', help: 'show: how it is written out (default markdown)' },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    {
      line: "skein story create 'What happened' -s case --text '# The visit'",
      says: 'with a first paragraph',
    },
    { line: "skein story show 'What happened' -s case --to html > story.html", says: 'to hand on' },
  ],
  run: runStory,
}

async function runStory(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, storyCommand, ACTIONS)
  const title = action === 'list' ? '' : requireArgument(call, storyCommand, 1, 'a title')
  const format = readChoice(call, 'to', ['markdown', 'html'] as const) ?? 'markdown'
  await using access = await openSketch(call, effects, requireText(call, 'sketch', 'story'))
  const { sketch, options } = access
  const print = async (story: Story): Promise<number> => {
    const text = prose`story ${story.id}: ${story.title}, ${countWords(story.blocks.length, 'block')}\n`
    await printResult(toRow(story), text, call, effects)
    return EXIT.ok
  }
  if (action === 'create')
    return await print(
      await sketch.stories.create({ title, blocks: await readBlocks(call, access) }, options),
    )
  const all = await sketch.stories.list(options)
  if (action === 'list') {
    await printListing(all.map(toRow), ['id', 'title', 'blocks', 'owner', 'updated'], call, effects)
    return EXIT.ok
  }
  const { id } = pick(all, title, 'story', (story) => story.title)
  switch (action) {
    case 'show': {
      const text = await sketch.stories.export(id, format, options)
      const story = await sketch.stories.get(id, options)
      const value = { ...toRow(story), [format]: text }
      await effects.writeData(call.flag('json') ? `${JSON.stringify(value)}\n` : `${text.trimEnd()}\n`)
      return EXIT.ok
    }
    case 'add': {
      const blocks = await readBlocks(call, access)
      if (blocks.length === 0)
        throw new CliError(
          '--text, --saved-search or --aggregation is needed: what is to be added',
          EXIT.usage,
        )
      const add = (story: Story): { title: string; blocks: readonly StoryBlock[] } => ({
        title: story.title,
        blocks: [...story.blocks, ...blocks],
      })
      return await print(await sketch.stories.edit(id, add, options))
    }
    case 'delete':
      await sketch.stories.delete(id, options)
      await printResult({ deleted: id }, prose`story ${id} is deleted\n`, call, effects)
      return EXIT.ok
    default:
      return action satisfies never
  }
}

async function readBlocks(
  call: CommandCall,
  { sketch, options }: SketchAccess,
): Promise<readonly StoryBlock[]> {
  const blocks: StoryBlock[] = []
  const text = call.text('text')
  if (text !== undefined) blocks.push(textBlock(text))
  const search = call.text('saved-search')
  if (search !== undefined) {
    const all = await sketch.savedSearches.list(options)
    blocks.push(savedSearchBlock(pick(all, search, 'saved search', ({ name }) => name)))
  }
  const aggregation = call.text('aggregation')
  if (aggregation !== undefined) {
    const all = await sketch.aggregations.list(options)
    const found = pick(all, aggregation, 'saved aggregation', ({ name }) => name)
    blocks.push(aggregationBlock(found, found.chartType || undefined))
  }
  return blocks
}

function toRow({ id, title, blocks, owner, updatedAt }: Story): {
  id: number
  title: string
  blocks: number
  owner: string
  updated: string
} {
  return { id, title, blocks: blocks.length, owner, updated: updatedAt ?? '' }
}
