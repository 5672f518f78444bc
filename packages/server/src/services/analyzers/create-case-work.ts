import type { CaseWork, StoryPiece } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'
import type { Services } from '../services.ts'

/** Where an analyzer keeps what it makes beside marks. */
export type CaseWorkServices = Pick<Services, 'savedSearches' | 'aggregations' | 'stories'>

/** Blocks of a story in Timesketch's format (version 20261014: lib/analyzers/interface.py). */
type Block = Readonly<Record<string, unknown>>

/** What an analyzer keeps in a sketch, in the name of whoever started it. */
export function createCaseWork(
  { savedSearches, aggregations, stories }: CaseWorkServices,
  origin: {
    readonly principal: Principal
    readonly sketchId: number
    readonly analyzer: string
    readonly nowMs: number
  },
): CaseWork {
  const { principal, sketchId, analyzer, nowMs } = origin
  return {
    async saveSearch({ name, queryString = '', queryDsl = '', fields }) {
      const description = `analyzer: ${analyzer}`
      const filter = {
        indices: '_all',
        ...(fields === undefined ? {} : { fields: fields.map((field) => ({ field })) }),
      }
      const query = { queryString, dslJson: queryDsl, filterJson: JSON.stringify(filter) }
      const known = (await savedSearches.list(principal, sketchId)).find(
        (search) => search.name === name && search.description === description,
      )
      const { id } = known
        ? await savedSearches.update(principal, sketchId, known.id, query)
        : await savedSearches.create(principal, sketchId, { name, description, ...query })
      return { id, name }
    },
    async saveAggregation(wanted) {
      const { name, description, aggregator, chartType, labels, savedSearchId } = wanted
      const groups = await aggregations.listGroups(principal, sketchId)
      const all = [
        ...(await aggregations.list(principal, sketchId)),
        ...groups.flatMap((group) => group.members),
      ]
      const known = all.find(
        (one) =>
          one.name === name &&
          one.description === description &&
          one.aggregator === aggregator &&
          one.chartType === chartType,
      )
      const input = {
        name,
        description,
        aggregator,
        chartType,
        parametersJson: JSON.stringify(wanted.parameters),
        labels,
        savedSearchId,
      }
      const { id } = known
        ? await aggregations.update(principal, sketchId, known.id, input)
        : await aggregations.create(principal, sketchId, input)
      return { id, name, description }
    },
    async saveAggregationGroup({ name, description, members }) {
      const known = (await aggregations.listGroups(principal, sketchId)).find(
        (group) => group.name === name && group.description === description,
      )
      const input = { name, description, orientation: 'layer', parametersJson: '' } as const
      const all = [...new Set([...(known?.members.map(({ id }) => id) ?? []), ...members])]
      const { id } = known
        ? await aggregations.updateGroup(principal, sketchId, known.id, { ...input, members: all })
        : await aggregations.createGroup(principal, sketchId, { ...input, members: all })
      return { id, name }
    },
    async addToStory(title, pieces) {
      const known = (await stories.list(principal, sketchId)).findLast((story) => story.title === title)
      const before = known ? (JSON.parse(known.contentJson) as Block[]) : []
      const added = pieces.filter((piece) => !isThere(before, piece) || !isFixed(piece))
      // A run that found what the last one found has nothing to add.
      const isNews = pieces.some((piece) => !isThere(before, piece))
      if (known && !isNews) return { id: known.id, name: title }
      const contentJson = JSON.stringify([...before, ...added.map((piece) => toBlock(piece, nowMs))])
      const { id } = known
        ? await stories.update(principal, sketchId, known.id, { title, contentJson })
        : await stories.create(principal, sketchId, { title, contentJson })
      return { id, name: title }
    },
  }
}

function isFixed(piece: StoryPiece): boolean {
  return piece.kind === 'text' && piece.once === true
}

function isThere(blocks: readonly Block[], piece: StoryPiece): boolean {
  const wanted = identityOf(toBlock(piece, 0))
  return blocks.some((block) => identityOf(block) === wanted)
}

/** What a block shows, whenever it was made. */
function identityOf(block: Block): string {
  const { created_at: _created, updated_at: _updated, ...props } = (block['componentProps'] ?? {}) as Block
  return JSON.stringify([block['componentName'], block['content'], props])
}

function toBlock(piece: StoryPiece, nowMs: number): Block {
  const block = (componentName: string, componentProps: Block, content = ''): Block => ({
    componentName,
    componentProps,
    content,
    edit: false,
    showPanel: false,
    isActive: false,
  })
  switch (piece.kind) {
    case 'text':
      return block('', {}, piece.markdown)
    case 'search':
      return block('TsViewEventList', { view: { id: piece.search.id, name: piece.search.name } })
    case 'aggregation-group':
      return block('TsAggregationGroupCompact', {
        aggregation_group: { id: piece.group.id, name: piece.group.name },
      })
    case 'aggregation': {
      const at = new Date(nowMs).toISOString().replace('Z', '')
      const { id, name, description } = piece.aggregation
      return block('TsSavedVisualization', {
        name,
        savedVisualizationId: id,
        description,
        created_at: at,
        updated_at: at,
        user: { username: null },
      })
    }
    default:
      return piece satisfies never
  }
}
