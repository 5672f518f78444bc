import type { Difference } from './compare.ts'

/** Where our answer is meant to be another than the recorded one. */
export interface KnownDifference {
  /** Names of samples. */
  readonly samples: RegExp
  /** `status`, `header NAME`, or paths into the body. */
  readonly place: RegExp
  readonly reason: string
  /** It depends on the moment of asking; others must be met in every run. */
  readonly isSometimes?: true
}

/** Where the recorded server fails with 500: everything in the answer is another. */
const WHOLE = /^/
/** Members of a timeline that tell of its import. */
const IMPORT =
  'status(\\[0\\]\\.status)?|searchindex\\.status|searchindex\\.status\\.length|datasources\\[0\\]\\.status\\[0\\]\\.status'

/** Differences on purpose; any other is a failure, and so is one that is met no more. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  // The server and its people
  {
    samples: /^error-anonymous-get$/,
    place: /^header Set-Cookie$/,
    reason: 'who is sent to the sign-in page gets no session before they are there',
  },
  {
    samples: /^error-308-noslash$/,
    place: /^header Location$/,
    reason: 'redirects name the path only, so that they hold behind any proxy',
  },
  {
    samples: /^users-list$/,
    place: /^objects\[0\]\[\d\]\.(admin|name|username)$/,
    reason: 'the first start makes an administrator, so that they are the first user',
  },
  { samples: /^version$/, place: /^meta\.plaso_version$/, reason: 'Plaso is not part of it' },
  {
    samples: /^settings$/,
    place: /^LOG_ANALYZER_DEFAULT_PROMPT$/,
    reason: 'there is no language model to be prompted',
  },
  { samples: /^llm$/, place: /^message$/, reason: 'no provider is named where none is configured' },
  {
    samples: /^unfurl$/,
    place: /^(edges|nodes|summary)/,
    reason: 'a URL is taken apart by our own code: fewer nodes, with descriptions of its own',
  },
  {
    samples: /^graph-plugins$/,
    place: /\.description$/,
    reason: 'graph plugins say what they draw',
  },

  // Imports
  {
    samples: /^(upload|timeline-get-processing)/,
    place: new RegExp(`^objects\\[0\\]\\.(${IMPORT})$`),
    reason: 'imports begin, and events sent as text end, before the answer: the state is that of the moment',
    isSometimes: true,
  },
  {
    samples: /^timeline-get-processing$/,
    place: /^(meta\.lines_indexed|objects\[0\]\.datasources\[0\]\.total_file_events)$/,
    reason: 'asked while the import runs',
    isSometimes: true,
  },
  {
    samples: /^tasks-(job|list)$/,
    place: /^objects/,
    reason: 'asked while the import runs',
    isSometimes: true,
  },
  {
    samples:
      /^(sketch-get|sketch-get-archived|timeline-get|timelines-list|timelines-post-existing|datasource-get|upload-events)$/,
    place: /(^|\.)total_file_events$/,
    reason:
      'rows are counted, not lines: the header of a table is none, and events sent as text are counted too',
  },
  {
    samples: /^(upload-events|sketch-get-archived)$/,
    place: /\.file_size$/,
    reason: 'the bytes of events that were sent as text are told',
  },
  {
    samples: /^upload-chunk-last$/,
    place: /\.original_filename$/,
    reason: 'a file that came in chunks keeps the ending of its name',
  },
  {
    samples: /^upload-bad-extension$/,
    place: WHOLE,
    reason:
      'refused with a sentence and without a trace; recorded: 500, and a timeline that stays as it is for ever',
  },
  {
    samples: /^timeline-get-fail$/,
    place: /^(meta\.lines_indexed|objects\[0\]\.(status|datasources))/,
    reason: 'a table without the three mandatory columns is imported where its columns can be understood',
  },
  {
    samples: /^sketch-get-bad-uploads$/,
    place: /^(meta\.(mappings|stats_per_timeline|indices_metadata)|objects\[0\]\.(active_)?timelines)/,
    reason: 'the table without mandatory columns is there, the file with a wrong ending is not',
  },
  {
    samples: /^sketch-get-bad-uploads$/,
    place: /^objects\[0\]\.description$/,
    reason: 'a sketch without a description has an empty one',
  },
  {
    samples: /^(event-get|event-get-annotated|sketch-get-annotated|aggregation-field-bucket-bar)$/,
    place:
      /^(objects\.status|meta\.mappings\[\d+\]\.type|objects\[0\]\.field_bucket\.buckets\[\d\]\.status)$/,
    reason: 'cells of a table are texts as they are written, so that 007 is not 7',
  },
  {
    samples: /^(timeline-fields|datasource-list)$/,
    place: WHOLE,
    reason: 'fields of a timeline and data sources of a sketch are listed; recorded: an empty list and 500',
  },
  {
    samples: /^searchindices-list$/,
    place: /^objects\[0\](\.length|\[0\]\.(description|name))$/,
    reason: 'the recorded server had held other indices before',
  },

  // Searches
  {
    samples: /^explore-client$/,
    place: /^meta\.scroll_id$/,
    reason: 'no scroll is opened when the first page holds everything',
  },
  {
    samples: /^explore-scroll-bad-id$/,
    place: WHOLE,
    reason: 'an unknown scroll id is the client’s mistake: 400; recorded: 500',
  },
  {
    samples: /^(explore-dsl|searchhistorytree)$/,
    place: /\.query_dsl$/,
    reason: 'the history keeps the DSL; recorded: lost',
  },
  {
    samples: /^explore-bad-query-range$/,
    place: /^message$/,
    reason: 'the sentence names the column of the mistake',
  },
  {
    samples: /^(explore-no-body|searchhistory|searchhistorytree)$/,
    place: /\.query_string$|^objects\.length$/,
    reason: 'a search without a question is the empty question in the history, and is listed with it',
  },
  {
    samples: /^explore-filter-text$/,
    place: WHOLE,
    reason: 'a filter that is JSON text is read; recorded: 500',
  },

  // Marks
  {
    samples: /^(tagging-verbose|tagging-again)$/,
    place: /^meta\.(number_of_events_|tags_applied)/,
    reason:
      'marks are there at once, so that tags of the second before are seen; recorded: not yet, and lost',
  },
  {
    samples: /^attributes-add-errors$/,
    place: /^meta\./,
    reason: 'an attribute of the second before is there and refused again; recorded: overwritten',
  },
  {
    samples: /^explore-(annotated|label-chip)$/,
    place: /^objects\[0\]\._source\.(tag\.length|verdict)$/,
    reason: 'both taggings and the first value are kept; recorded: the earlier one lost',
  },
  {
    samples: /^(explore-annotated|explore-label-chip|sketch-get-annotated)$/,
    place: /^meta\.(count_per_timeline\.\d+|indices_metadata\.\w+\.is_legacy)$/,
    reason: 'events made by hand belong to their timeline as all others do',
  },
  {
    samples: /^attributes-unknown-event$/,
    place: WHOLE,
    reason: 'an unknown event is told in last_10_errors; recorded: 500',
  },
  { samples: /^event-create-no-date$/, place: WHOLE, reason: 'no date means now; recorded: 500' },
  {
    samples: /^attribute-bad-type$/,
    place: WHOLE,
    reason: 'a value that is not of its type is refused with 400; recorded: 500',
  },

  // What people make of a sketch
  {
    samples: /^view-(create-no-name|missing)$/,
    place: WHOLE,
    reason: 'a saved search without a name is refused with 400, an unknown one with 404; recorded: 500',
  },
  {
    samples: /^story-export-html$/,
    place: /^story$/,
    reason: 'the page loads nothing from other places and runs nothing',
  },
  {
    samples: /^aggregation-(info-none|unknown|bad-parameter)$/,
    place: WHOLE,
    reason: 'an unknown aggregator is 404, an unknown parameter 400; recorded: 500',
  },
  {
    samples: /^aggregation-(field-bucket|field-bucket-bar|query-bucket)$/,
    place: /^meta\.vega_(spec|chart_title)$/,
    reason: 'charts come; the recorded server failed over its own versions of what draws them',
  },
  {
    samples: /^aggregation-date-histogram$/,
    place: WHOLE,
    reason: 'a histogram without times covers all of them; recorded: 400 for an empty date',
  },
  { samples: /^aggregation-group-get$/, place: WHOLE, reason: 'groups run; recorded: 500' },
  {
    samples: /^aggregation-(auto-date|calendar-date|top|rare|single)/,
    place: /\.spec\._shards\.(successful|total)$/,
    reason: 'the embedded store answers as one shard',
  },

  // Analyzers
  {
    samples: /^analyzers-list$/,
    place: /^(\.length|\[\d\]\.)/,
    reason: 'other analyzers are there, in the order of their names',
  },
  {
    samples: /^analyzer-(run|status|session)$/,
    place: /(\.parameters|\.result|\.total_file_events)$/,
    reason:
      'feature extraction has expressions of its own; analyses stand in the order in which they were asked for',
  },
  {
    samples: /^analyzer-sessions-active$/,
    place: /\.tasks_status_count\./,
    reason: 'asked while the analyses run',
    isSometimes: true,
  },
  {
    samples: /^analyzer-sigma-status$/,
    place: /^objects/,
    reason: 'Sigma rules are run by detection, not by an analyzer',
  },

  // Sigma
  {
    samples: /^sigma-list$/,
    place: /^(meta\.rules_count|objects\.length)$/,
    reason: 'some rules are there from the beginning',
  },
  {
    samples: /^sigma-text-invalid-yaml$/,
    place: /^message$/,
    reason: 'another reader of YAML says what is wrong and where',
  },
  {
    samples: /^sigma-create-no-title$/,
    place: WHOLE,
    reason: 'a rule that cannot be read is refused with 400 and the reason; recorded: 500',
  },
  {
    samples: /^sigma-update$/,
    place: /\.query_string$/,
    reason: 'the question is told after a change too; recorded: null',
  },
]

/** The entry that a difference falls under. */
export function findKnown(sample: string, difference: Difference): KnownDifference | undefined {
  return KNOWN_DIFFERENCES.find(({ samples, place }) => samples.test(sample) && place.test(difference.place))
}
