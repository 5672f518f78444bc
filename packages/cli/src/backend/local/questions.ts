import type { ApiDerived } from '@timeskein/model'
import {
  countOverTime,
  countValues,
  type EventView,
  type ExploreQuestion,
  explainQuestion,
  nameTimelines,
  prepareQuestion,
  writeOwnJson,
} from '@timeskein/server'
import type { EventRow, Question, QuestionCalls } from '../backend.ts'
import { createEventRow, readEventText } from '../event-row.ts'
import { listTimelinesOf } from '../question-timelines.ts'
import type { LocalPlace } from './open-local-backend.ts'

/** Questions to a data directory. */
export function createQuestionCalls({ services, principal }: LocalPlace): QuestionCalls {
  const { explore, timelines } = services
  return {
    async search(question, { derived, ...page }) {
      const result = await explore.search(principal, { ...toExploreQuestion(question), ...page })
      const names = nameTimelines(result.timelines)
      return {
        total: result.total,
        hits: result.events.map((event) => toEventRow(event, names, derived)),
        tookMs: Math.round(result.tookMs),
        complete: result.complete,
        incompleteReason: result.incompleteReason,
      }
    },
    async *scan(question, { sort, derived }) {
      const names = nameTimelines(await timelines.list(principal, question.sketchId))
      const pages = explore.scan(principal, {
        ...toExploreQuestion(question),
        ...(sort === undefined ? {} : { sort }),
      })
      for await (const page of pages) yield page.map((event) => toEventRow(event, names, derived))
    },
    count: async (question) => ({
      count: await explore.count(principal, toExploreQuestion(question)),
      complete: true,
    }),
    histogram: (question, interval) =>
      countOverTime(explore, principal, toExploreQuestion(question), interval),
    top: (question, field, size) => countValues(explore, principal, toExploreQuestion(question), field, size),
    explain: (question, asks) => explainQuestion(explore, principal, toExploreQuestion(question), asks),
    async listFields(question) {
      const { selection } = toExploreQuestion(question)
      const fields = await explore.fields(principal, question.sketchId, selection)
      return fields.map(({ name, kinds, eventCount }) => ({ name, kinds, events: eventCount }))
    },
  }
}

function toExploreQuestion(question: Question): ExploreQuestion {
  return prepareQuestion(
    question.sketchId,
    { ...question, timelines: listTimelinesOf(question) },
    question.signal,
  )
}

function toEventRow(
  event: EventView,
  names: ReadonlyMap<number, string>,
  derived: ApiDerived = 'all',
): EventRow {
  const timeline = names.get(event.timelineId) ?? ''
  if (derived !== 'all') {
    const json = writeOwnJson(event, derived)
    return createEventRow(event.id, timeline, readEventText(json))
  }
  return createEventRow(event.id, timeline, {
    json: () => event.toJson(),
    members: () => event.members,
    mayHave: (name) => event.members.has(name),
  })
}
