/** Something of a sketch that was saved. */
export interface SavedItem {
  readonly id: number
  readonly name: string
}

/** A question to keep: a query string or a body of OpenSearch's DSL. */
export interface SearchToSave {
  readonly name: string
  readonly queryString?: string
  readonly queryDsl?: string
  /** Fields that a list of its events shows. */
  readonly fields?: readonly string[]
}

/** An aggregation to keep. */
export interface AggregationToSave {
  readonly name: string
  readonly description: string
  /** Name of the aggregator. */
  readonly aggregator: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly chartType: string
  readonly labels?: readonly string[]
  readonly savedSearchId?: number
}

/** One piece of a story. */
export type StoryPiece =
  /** `once`: not if the story has this very text already. */
  | { readonly kind: 'text'; readonly markdown: string; readonly once?: boolean }
  | { readonly kind: 'search'; readonly search: SavedItem }
  | { readonly kind: 'aggregation'; readonly aggregation: SavedItem & { readonly description: string } }
  | { readonly kind: 'aggregation-group'; readonly group: SavedItem }

/**
 * What an analyzer keeps in a sketch beside marks. What it saved before under the same name is written again, so that a second
 * run leaves no second copy.
 */
export interface CaseWork {
  saveSearch(search: SearchToSave): Promise<SavedItem>
  saveAggregation(aggregation: AggregationToSave): Promise<SavedItem & { readonly description: string }>
  /** Draws aggregations as one chart, one upon the other. */
  saveAggregationGroup(group: {
    readonly name: string
    readonly description: string
    readonly members: readonly number[]
  }): Promise<SavedItem>
  /** Adds pieces to the end of the story of this title, made when there is none. */
  addToStory(title: string, pieces: readonly StoryPiece[]): Promise<SavedItem>
}
