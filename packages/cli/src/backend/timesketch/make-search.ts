import type { Search, Timesketch } from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'
import type { Question } from '../backend.ts'
import { findTimeline } from './find-timeline.ts'

/**
 * A question as a search of Timesketch. Times become a range of the query, not a chip: OpenSearch reads dates, date maths and the end
 * of a day as we do.
 */
export async function makeSearch(timesketch: Timesketch, question: Question): Promise<Search> {
  const sketch = timesketch.sketch(question.sketchId)
  const search = sketch.search(narrowQuery(question))
  if (question.timeline === undefined) return search
  const { id } = await findTimeline(sketch, question.timeline, question)
  return search.inTimelines(id)
}

function narrowQuery({ query, from, to }: Question): string {
  const asked = query.trim() === '' ? '*' : query
  if (from === undefined && to === undefined) return asked
  const range = `datetime:[${quoteTime(from)} TO ${quoteTime(to)}]`
  return asked === '*' ? range : `(${asked}) AND ${range}`
}

function quoteTime(time: string | undefined): string {
  if (time === undefined) return '*'
  if (/["\\]/.test(time))
    throw new CliError(
      `a time such as 2024-01-31T12:00:00Z or now-7d was expected, found ${time}`,
      EXIT.usage,
    )
  return `"${time}"`
}
