/** What kinds of things have numbers or names that differ from server to server. */
export type Kind =
  | 'aggregation'
  | 'analysis'
  | 'comment'
  | 'conclusion'
  | 'data-source'
  | 'graph'
  | 'group'
  | 'question'
  | 'rule'
  | 'search-index'
  | 'search-node'
  | 'session'
  | 'sketch'
  | 'story'
  | 'text'
  | 'timeline'
  | 'user'
  | 'view'

/**
 * Which of our things stands for which recorded one. The first time a pair is met it is learned; from then on the recorded name must
 * always be answered by the same one of ours.
 */
export class Identities {
  readonly #pairs = new Map<string, string>()

  /** Learns the pair, or says whether it is the one that was learned. */
  matches(kind: Kind, recorded: string | number, ours: string | number): boolean {
    const key = `${kind} ${recorded}`
    const known = this.#pairs.get(key)
    if (known === undefined) this.#pairs.set(key, String(ours))
    return known === undefined || known === String(ours)
  }

  /** Ours for a recorded one; the recorded one itself when no pair was learned (ids that are meant to lead nowhere). */
  translate(kind: Kind, recorded: string | number): string {
    return this.#pairs.get(`${kind} ${recorded}`) ?? String(recorded)
  }

  /** A text with every index name, event id and task id in it replaced. */
  translateText(text: string): string {
    const whole = this.#pairs.get(`text ${text}`)
    return whole ?? text.replace(/[\w-]{20,}/g, (word) => this.translate('text', word))
  }
}

/** What the number at the end of a path stands for, and what the objects of its answer are. */
const PATHS: readonly (readonly [RegExp, Kind])[] = [
  [/\/users\/((me|\d+)\/?)?$/, 'user'],
  [/\/stories\/(\d+\/)?$/, 'story'],
  [/\/views\/(\d+\/)?$/, 'view'],
  [/\/aggregation\/group\/(\d+\/)?$/, 'group'],
  [/\/aggregation\/(\d+\/)?$/, 'aggregation'],
  [/\/graphs\/(\d+\/)?$/, 'graph'],
  [/\/conclusions\/(\d+\/)?$/, 'conclusion'],
  [/\/questions\/(\d+\/)?$/, 'question'],
  [/\/searchindices\/(\d+\/)?$/, 'search-index'],
  [/\/datasource\/(\d+\/)?$/, 'data-source'],
  [/\/sigmarules\//, 'rule'],
  [/\/analysis\/$/, 'analysis'],
  [/\/analyzer\/(sessions\/(\d+\/))?$/, 'session'],
  [/\/event\/annotate\/$/, 'comment'],
  [/\/searchhistory/, 'search-node'],
  [/\/timelines\/(\d+\/)?$|\/upload\/$|\/event\/create\/$/, 'timeline'],
  [/\/sketches\/(\d+\/)?$|\/collaborators\/$/, 'sketch'],
]

/** What the objects of an answer are, by the path that was asked. */
export function kindOfPath(path: string): Kind | undefined {
  const plain = path.split('?')[0]!
  return PATHS.find(([pattern]) => pattern.test(plain))?.[1]
}

/** What stands in a member of an answer; undefined where it goes on being what it was. */
export const KIND_OF_MEMBER: Readonly<Record<string, Kind>> = {
  user: 'user',
  searchindex: 'search-index',
  datasources: 'data-source',
  timelines: 'timeline',
  active_timelines: 'timeline',
  timeline: 'timeline',
  search_node: 'search-node',
  parent: 'search-node',
  last_node_id: 'search-node',
  views: 'view',
  stories: 'story',
  graphs: 'graph',
  comments: 'comment',
  sketch: 'sketch',
  aggregations: 'aggregation',
  conclusions: 'conclusion',
  children: 'search-node',
  __ts_timeline_id: 'timeline',
  sketch_id: 'sketch',
  view_id: 'view',
  analysissession_id: 'session',
  analyses: 'analysis',
  sessions: 'session',
}

/** Members whose keys are such names. */
export const KIND_OF_KEYS: Readonly<Record<string, Kind>> = {
  count_per_timeline: 'timeline',
  stats_per_timeline: 'timeline',
  count_per_index: 'text',
  indices_metadata: 'text',
  timeline_colors: 'text',
  timeline_names: 'text',
  index_count: 'text',
  chunks_per_index: 'text',
  timelines: 'text',
}
