import { AGGREGATIONS, DSL_BODIES, generateDslBody } from './dsl-bodies.ts'
import { AGGREGATION_CORNERS, DSL_CORNERS } from './dsl-corners.ts'
import { QUERY_CORNERS } from './query-corners.ts'
import { generateQueryString, HAND_WRITTEN, mutate } from './query-strings.ts'
import { type Question, queryStringBody } from './question.ts'
import type { Choices } from './random.ts'

/** How many generated query strings there are to each generated body. */
const STRINGS_A_BODY = 6
/** How many generated query strings there are to each that has a slip of the pen in it. */
const STRINGS_A_MUTANT = 4
const MIN_GENERATED_BODIES = 200

/** What aggregations count over. */
const AGGREGATED_BODIES: readonly Readonly<Record<string, unknown>>[] = [
  { query: { match_all: {} } },
  { query: { match_none: {} } },
  queryStringBody('accepted'),
  queryStringBody('hostname.keyword:"WS-01" OR status:>300'),
  queryStringBody('datetime:[2024-02-03 TO 2024-02-09]'),
  { query: { bool: { must_not: [{ exists: { field: 'flag' } }] } } },
]

/** What is sorted by time and paged through. */
const PAGED_BODIES: readonly Readonly<Record<string, unknown>>[] = [
  { query: { match_all: {} } },
  queryStringBody('accepted'),
  queryStringBody('username:alice AND NOT flag:true'),
  { query: { range: { status: { gte: 300 } } } },
]
const PAGES = [
  { from: 0, size: 50 },
  { from: 137, size: 20 },
  { from: 0, size: 10_000 },
] as const

function asAggregations(
  group: string,
  body: Question['body'],
  definitions: readonly Readonly<Record<string, unknown>>[],
): Question[] {
  return definitions.map((definition) => ({ group, body, wanted: { kind: 'aggregation', definition } }))
}

/** Every question of a run; the same ones for the same choices. */
export function makeQuestions(choices: Choices, generatedStrings: number): readonly Question[] {
  const hits = { kind: 'hits' } as const
  const asHits = (group: string, bodies: readonly Readonly<Record<string, unknown>>[]): Question[] =>
    bodies.map((body) => ({ group, body, wanted: hits }))
  const strings = Array.from({ length: generatedStrings }, () => generateQueryString(choices))
  const mutants = Array.from({ length: Math.ceil(generatedStrings / STRINGS_A_MUTANT) }, () =>
    mutate(choices, generateQueryString(choices, 1)),
  )
  const bodyCount = Math.max(MIN_GENERATED_BODIES, Math.ceil(generatedStrings / STRINGS_A_BODY))
  const bodies = Array.from({ length: bodyCount }, () => generateDslBody(choices))
  return [
    ...asHits('query strings written by hand', HAND_WRITTEN.map(queryStringBody)),
    ...asHits('query strings of corners', QUERY_CORNERS.map(queryStringBody)),
    ...asHits('query strings generated', strings.map(queryStringBody)),
    ...asHits('query strings with a slip', mutants.map(queryStringBody)),
    ...asHits('bodies written by hand', DSL_BODIES),
    ...asHits('bodies of corners', DSL_CORNERS),
    ...asHits('bodies generated', bodies),
    ...AGGREGATED_BODIES.flatMap((body) => asAggregations('aggregations', body, AGGREGATIONS)),
    ...AGGREGATED_BODIES.slice(0, 3).flatMap((body) =>
      asAggregations('aggregations of corners', body, AGGREGATION_CORNERS),
    ),
    ...PAGED_BODIES.flatMap((body) =>
      (['asc', 'desc'] as const).flatMap((order) =>
        PAGES.map(
          (page): Question => ({ group: 'pages by time', body, wanted: { kind: 'page', order, ...page } }),
        ),
      ),
    ),
  ]
}
