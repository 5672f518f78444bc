import { invalid } from '../../errors/domain-error.ts'

/** Most characters of a story. */
export const MAX_STORY_LENGTH = 10_485_760

/** One piece of a story, as far as it can be told what it shows. */
export type StoryBlock =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'search'; readonly id: number; readonly name: string }
  | { readonly kind: 'aggregation'; readonly id: number; readonly name: string; readonly chartType: string }
  | { readonly kind: 'aggregation-group'; readonly id: number; readonly name: string }
  | { readonly kind: 'visualization'; readonly id: number; readonly name: string }
  /** A component that only its own client knows. */
  | { readonly kind: 'unknown'; readonly component: string }

/**
 * Reads the blocks of a story. Format: the list that Timesketch's clients write (version 20261014: api_client, story.py); a block with
 * text is a text block whatever its component.
 *
 * @throws {DomainError} `invalid` (`bad-story`).
 */
export function readBlocks(contentJson: string): readonly StoryBlock[] {
  const expected = 'The content of a story is JSON text of a list of blocks'
  if (contentJson.length > MAX_STORY_LENGTH)
    throw invalid(
      'bad-story',
      `${expected} of at most ${MAX_STORY_LENGTH} characters; this one has ${contentJson.length}.`,
    )
  let blocks: unknown
  try {
    blocks = JSON.parse(contentJson)
  } catch {
    throw invalid('bad-story', `${expected}; this is not JSON.`)
  }
  if (!Array.isArray(blocks)) throw invalid('bad-story', `${expected}; this is no list.`)
  return blocks.map((block, index) => {
    if (block === null || typeof block !== 'object')
      throw invalid('bad-story', `${expected}; block ${index + 1} is no object.`, { block: index + 1 })
    return readBlock(block)
  })
}

function readBlock(block: Readonly<Record<string, unknown>>): StoryBlock {
  const content = block['content']
  const component = block['componentName']
  if (typeof content === 'string' && (content !== '' || component === '')) {
    return { kind: 'text', markdown: content }
  }
  const props = asObject(block['componentProps'])
  switch (component) {
    case 'TsViewEventList':
      return { kind: 'search', ...readRef(props['view']) }
    case 'TsAggregationCompact': {
      const shown = asObject(props['aggregation'])
      return {
        kind: 'aggregation',
        ...readRef(shown),
        chartType: typeof shown['chart_type'] === 'string' ? shown['chart_type'] : 'table',
      }
    }
    case 'TsAggregationGroupCompact':
      return { kind: 'aggregation-group', ...readRef(props['aggregation_group']) }
    case 'TsSavedVisualization':
      // The web page and the analyzers name it differently.
      return {
        kind: 'visualization',
        ...readRef({ ...props, id: props['savedVisualization'] ?? props['savedVisualizationId'] }),
      }
    default:
      return { kind: 'unknown', component: typeof component === 'string' ? component : '' }
  }
}

function readRef(value: unknown): { id: number; name: string } {
  const { id, name } = asObject(value)
  return { id: Number(id), name: typeof name === 'string' ? name : '' }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object'
    ? Object.assign(Object.create(null), value)
    : Object.create(null)
}
