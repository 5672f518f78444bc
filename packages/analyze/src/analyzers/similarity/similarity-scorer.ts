import type { Query } from '@timeskein/query'
import { fieldText } from '../../field-text.ts'
import { type Analyzer, AnalyzerFailure } from '../analyzer.ts'
import { ruleText } from '../rule-members.ts'
import { SimilarTexts, TooManyComparisons } from './similar-groups.ts'

/** Where words of a message end. */
const DELIMITERS = /[ /-]/
/** Different messages that are compared at most. */
const MAX_TEXTS = 500_000

/**
 * Gives each event of a kind the share of all events of that kind that its message is like: what is rare has a small score. Reads the events twice, to
 * compare and to mark.
 */
export const similarityScorer: Analyzer = {
  name: 'similarity_scorer',
  displayName: 'Similarity Scorer',
  description: 'Scores events of one data type by how many others their message is like',
  dependencies: [],
  async run(run) {
    const dataType = ruleText(run.parameters, 'data_type')
    if (dataType === undefined) return 'No data_type specified.'
    const query: Query = { kind: 'phrase', field: 'data_type', text: dataType, slop: 0 }
    const texts = new SimilarTexts()
    for await (const page of run.events.read(query))
      for (const event of page) {
        texts.add(wordsOf(fieldText(event, 'message')))
        if (texts.size > MAX_TEXTS)
          throw new AnalyzerFailure(
            `${dataType} has more than ${MAX_TEXTS} different messages (MAX_TEXTS): they are too many to be compared`,
          )
      }
    const neighbours = await countNeighbours(texts, run.signal)
    for await (const page of run.events.read(query))
      for (const event of page) {
        const place = texts.placeOf(wordsOf(fieldText(event, 'message')))
        if (place === undefined) continue
        await run.mark(event, { attributes: { similarity_score: neighbours[place]! / texts.total } })
      }
    return `Similarity scorer processed ${texts.total} events for data_type ${dataType}`
  },
}

async function countNeighbours(texts: SimilarTexts, signal: AbortSignal): Promise<Float64Array> {
  try {
    return await texts.countNeighbours(async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 0)
      })
      signal.throwIfAborted()
    })
  } catch (error) {
    if (error instanceof TooManyComparisons) throw new AnalyzerFailure(error.message, { cause: error })
    throw error
  }
}

function wordsOf(message: string | undefined): readonly string[] {
  return (message ?? '').split(DELIMITERS).filter((word) => word !== '')
}
