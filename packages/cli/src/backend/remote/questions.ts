import {
  type ApiQuestion,
  type ApiSearchLine,
  type ApiSearchRequest,
  MAX_SEARCH_PAGE,
  splitElements,
  splitMembers,
} from '@timeskein/model'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'
import type { EventRow, Question, QuestionCalls, SearchAnswer } from '../backend.ts'
import { createEventRow, readEventText } from '../event-row.ts'
import { listTimelinesOf } from '../question-timelines.ts'
import type { RemotePlace } from './open-remote-backend.ts'

/** Events handed on together. */
const SCAN_PAGE = 1000
const EVENT_NAME = '","event":'

/** Questions to a server. */
export function createQuestionCalls({ client }: RemotePlace): QuestionCalls {
  // One page, and where the next one begins.
  async function searchPage(
    question: Question,
    page: Pick<ApiSearchRequest, 'size' | 'sort' | 'derived' | 'after'>,
  ): Promise<SearchAnswer & { next: string | undefined }> {
    let total = 0
    const hits: EventRow[] = []
    const request = { ...toApiQuestion(question), ...page }
    for await (const text of client.searchLines(question.sketchId, request, { signal: question.signal })) {
      const members = splitMembers(text)
      if (members.get('type') === '"rows"') {
        for (const row of splitElements(members.get('rows') ?? '[]')) hits.push(readEvent(row))
        continue
      }
      // Written by the server's schema of lines.
      const line = JSON.parse(text) as ApiSearchLine
      if (line.type === 'count') total = line.total
      else if (line.type === 'error') throw new CliError(line.detail, EXIT.failed)
      else if (line.type === 'done')
        return {
          total,
          hits,
          tookMs: line.tookMs,
          complete: line.complete,
          incompleteReason: line.incompleteReason,
          next: line.next,
        }
    }
    throw new CliError('the server broke its answer off', EXIT.unavailable)
  }
  return {
    async search(question, { size, ...page }) {
      const first = await searchPage(question, { ...page, size: Math.min(size, MAX_SEARCH_PAGE) })
      const hits = [...first.hits]
      let { next, tookMs, complete, incompleteReason } = first
      while (next !== undefined && hits.length < size) {
        const wanted = Math.min(size - hits.length, MAX_SEARCH_PAGE)
        const more = await searchPage(question, { ...page, size: wanted, after: next })
        if (more.hits.length === 0) break
        for (const hit of more.hits) hits.push(hit)
        tookMs += more.tookMs
        complete &&= more.complete
        incompleteReason ??= more.incompleteReason
        next = more.next
      }
      return { total: first.total, hits, tookMs, complete, incompleteReason }
    },
    async *scan(question, { sort, derived }) {
      let page: EventRow[] = []
      const request = {
        ...toApiQuestion(question),
        ...(sort === undefined ? {} : { sort }),
        ...(derived === undefined ? {} : { derived }),
      }
      for await (const line of client.exportEvents(question.sketchId, request, { signal: question.signal })) {
        page.push(readEvent(line))
        if (page.length === SCAN_PAGE) {
          yield page
          page = []
        }
      }
      if (page.length > 0) yield page
    },
    count: async (question) => ({
      count: await client.count(question.sketchId, toApiQuestion(question), { signal: question.signal }),
      complete: true,
    }),
    histogram: (question, interval) =>
      client.histogram(
        question.sketchId,
        { ...toApiQuestion(question), ...(interval === undefined ? {} : { interval }) },
        { signal: question.signal },
      ),
    top: (question, field, size) =>
      client.top(question.sketchId, { ...toApiQuestion(question), field, size }, { signal: question.signal }),
    explain: (question, asks) =>
      client.explain(
        question.sketchId,
        { ...toApiQuestion(question), ...(asks === undefined ? {} : { asks }) },
        { signal: question.signal },
      ),
    async listFields(question) {
      const timelines = listTimelinesOf(question)
      const fields = await client.listFields(question.sketchId, {
        signal: question.signal,
        ...(timelines === undefined ? {} : { timelines }),
      })
      return fields.map(({ name, kinds, events }) => ({ name, kinds, events }))
    },
  }
}

/** A question as our own API takes it. */
export function toApiQuestion(question: Question): ApiQuestion {
  const timelines = listTimelinesOf(question)
  return {
    query: question.query,
    ...(timelines === undefined ? {} : { timelines }),
    ...(question.from === undefined ? {} : { from: question.from }),
    ...(question.to === undefined ? {} : { to: question.to }),
  }
}

// `{"id":…,"timeline":…,"event":{…}}`, as the server writes it. Quotes inside of strings are escaped, so that the first place
// that looks like the event's name is it; the event is not parsed.
function readEvent(text: string): EventRow {
  const place = text.indexOf(EVENT_NAME)
  const head: { id: string; timeline: string } = JSON.parse(`${text.slice(0, place + 1)}}`)
  const json = text.slice(place + EVENT_NAME.length, -1)
  return createEventRow(head.id, head.timeline, readEventText(json))
}
