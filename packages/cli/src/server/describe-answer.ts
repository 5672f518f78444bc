import type { SearchAnswer } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import type { ExampleQuestion } from '../example-case/example-case.ts'
import { countWords } from '../output/count-words.ts'
import { drawEventTable } from '../output/event-table.ts'
import { bold, type Prose, prose } from '../output/prose.ts'
import { wantsColor } from '../output/wants-color.ts'

const TABLE_FIELDS = ['datetime', 'timeline', 'message'] as const

/** One question of the example case with its answer, for a terminal. */
export function describeAnswer(question: ExampleQuestion, answer: SearchAnswer, effects: Effects): Prose {
  const asks = wantsColor(effects) ? bold(question.asks) : question.asks
  const shown = answer.hits.length < answer.total ? `, the first ${answer.hits.length} of them` : ''
  return prose`\n${asks}\n  ${question.query}   (${countWords(answer.total, 'event')}${shown}, ${answer.tookMs} ms)\n${drawEventTable(answer.hits, TABLE_FIELDS, effects)}`
}
