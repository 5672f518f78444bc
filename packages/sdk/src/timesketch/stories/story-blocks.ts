import type { SavedAggregation } from '../aggregations/saved-aggregation.ts'
import { isRecord, readNumber, readRecord, readText, type WireRecord } from '../wire/record.ts'

/** One part of a story. Blocks of other kinds are kept as they are. */
export type StoryBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'saved-search'; readonly id: number; readonly name: string }
  | { readonly kind: 'aggregation'; readonly id: number; readonly name: string; readonly chartType: string }
  | { readonly kind: 'aggregation-group'; readonly id: number; readonly name: string }
  | { readonly kind: 'other'; readonly component: string; readonly raw: WireRecord }

/** Markdown. */
export function textBlock(text: string): StoryBlock {
  return { kind: 'text', text }
}

/** The events of a saved search. */
export function savedSearchBlock(search: { readonly id: number; readonly name: string }): StoryBlock {
  return { kind: 'saved-search', id: search.id, name: search.name }
}

/** @param chartType - How it is shown. @default 'table' */
export function aggregationBlock(
  aggregation: Pick<SavedAggregation, 'id' | 'name'>,
  chartType: string = 'table',
): StoryBlock {
  return { kind: 'aggregation', id: aggregation.id, name: aggregation.name, chartType }
}

export function aggregationGroupBlock(group: { readonly id: number; readonly name: string }): StoryBlock {
  return { kind: 'aggregation-group', id: group.id, name: group.name }
}

const SEARCH = 'TsViewEventList'
const AGGREGATION = 'TsAggregationCompact'
const GROUP = 'TsAggregationGroupCompact'

/** A block of the wire (`story.py`). Whatever its component is, one with text is text. */
export function readBlock(raw: WireRecord): StoryBlock {
  const component = readText(raw, 'componentName')
  const text = readText(raw, 'content')
  const props = readRecord(raw, 'componentProps')
  if (text !== '' || component === '') return { kind: 'text', text }
  const named = (name: string): { id: number; name: string } | undefined => {
    const inner = props[name]
    return isRecord(inner) ? { id: readNumber(inner, 'id'), name: readText(inner, 'name') } : undefined
  }
  const search = component === SEARCH ? named('view') : undefined
  if (search) return { kind: 'saved-search', ...search }
  const aggregation = component === AGGREGATION ? named('aggregation') : undefined
  if (aggregation) {
    const chartType = readText(readRecord(props, 'aggregation'), 'chart_type')
    return { kind: 'aggregation', ...aggregation, chartType }
  }
  const group = component === GROUP ? named('aggregation_group') : undefined
  if (group) return { kind: 'aggregation-group', ...group }
  return { kind: 'other', component, raw }
}

export function writeBlock(block: StoryBlock): WireRecord {
  switch (block.kind) {
    case 'text':
      return makeBlock('', {}, block.text)
    case 'saved-search':
      return makeBlock(SEARCH, { view: { id: block.id, name: block.name } })
    case 'aggregation':
      return makeBlock(AGGREGATION, {
        aggregation: { id: block.id, name: block.name, chart_type: block.chartType },
      })
    case 'aggregation-group':
      return makeBlock(GROUP, { aggregation_group: { id: block.id, name: block.name } })
    case 'other':
      return block.raw
    default:
      return block satisfies never
  }
}

function makeBlock(componentName: string, componentProps: WireRecord, content = ''): WireRecord {
  return { componentName, componentProps, content, edit: false, showPanel: false, isActive: false }
}
