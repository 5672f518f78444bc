import type { Analyzer, AnalyzerParameters, NewMarks } from '../analyzers/analyzer.ts'
import type { AggregationToSave, SearchToSave, StoryPiece } from '../analyzers/case-work.ts'
import { type AnalyzerSettings, DEFAULT_SETTINGS } from '../analyzers/settings.ts'
import { openTestStore, type TestStore } from './open-test-store.ts'
import { readThrough } from './read-through.ts'

/** What an analyzer said and did. */
export interface AnalyzerDeeds {
  readonly result: string
  /** Marks by the place of the event among the rows. */
  readonly marks: ReadonlyMap<number, NewMarks>
  readonly searches: readonly SearchToSave[]
  readonly aggregations: readonly AggregationToSave[]
  readonly groups: readonly { readonly name: string; readonly members: readonly number[] }[]
  /** Pieces by the story's title. */
  readonly stories: ReadonlyMap<string, readonly StoryPiece[]>
  readonly log: readonly string[]
}

/** How an analyzer is run. */
export interface BenchRun {
  readonly parameters?: AnalyzerParameters
  readonly settings?: Partial<AnalyzerSettings>
}

/** Rows in a store of their own, for analyzers to run over; disposing throws it away. */
export interface AnalyzerBench extends AsyncDisposable {
  run(analyzer: Analyzer, options?: BenchRun): Promise<AnalyzerDeeds>
}

/** Runs an analyzer once over rows; see `openBench`. */
export async function runAnalyzer(
  analyzer: Analyzer,
  rows: readonly object[],
  options: BenchRun = {},
): Promise<AnalyzerDeeds> {
  await using bench = await openBench(rows)
  return await bench.run(analyzer, options)
}

/** Opens a store with rows; each gets a time, a second after the one before, unless it has one. */
export async function openBench(rows: readonly object[]): Promise<AnalyzerBench> {
  const timed = rows.map((row, at) => ({
    datetime: new Date(1_700_000_000_000 + at * 1000).toISOString(),
    ...row,
    at,
  }))
  const events = await openTestStore(timed)
  return {
    run: (analyzer, options = {}) => runOver(events, analyzer, options),
    [Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
  }
}

async function runOver(
  events: TestStore,
  analyzer: Analyzer,
  { parameters = {}, settings = {} }: BenchRun,
): Promise<AnalyzerDeeds> {
  const marks = new Map<number, NewMarks>()
  const searches: SearchToSave[] = []
  const aggregations: AggregationToSave[] = []
  const groups: { name: string; members: readonly number[] }[] = []
  const stories = new Map<string, StoryPiece[]>()
  const log: string[] = []
  const result = await analyzer.run({
    parameters,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    sketchId: 1,
    timeline: { id: 1, name: 'evidence' },
    events: readThrough(events),
    signal: new AbortController().signal,
    log: (line) => log.push(line),
    async mark(event, given) {
      const place = event.get('at') as number
      if (marks.has(place)) throw new Error(`event ${place} was marked twice`)
      marks.set(place, given)
    },
    work: {
      async saveSearch(search) {
        return { id: searches.push(search), name: search.name }
      },
      async saveAggregation(one) {
        return { id: aggregations.push(one), name: one.name, description: one.description }
      },
      async saveAggregationGroup(group) {
        return { id: groups.push(group), name: group.name }
      },
      async addToStory(title, pieces) {
        stories.set(title, [...(stories.get(title) ?? []), ...pieces])
        return { id: stories.size, name: title }
      },
    },
  })
  return { result, marks, searches, aggregations, groups, stories, log }
}
