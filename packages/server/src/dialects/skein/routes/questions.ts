import {
  countAnswerSchema,
  explainAnswerSchema,
  explainRequestSchema,
  fieldsAnswerSchema,
  histogramAnswerSchema,
  histogramRequestSchema,
  questionSchema,
  rowsAnswerSchema,
  rowsRequestSchema,
  topAnswerSchema,
  topRequestSchema,
} from '@timeskein/model'
import { countOverTime, countValues } from '../../../services/explore/event-aggregations.ts'
import { explainQuestion } from '../../../services/explore/explain-question.ts'
import { prepareQuestion, prepareSelection } from '../../../services/explore/read-question.ts'
import { nameTimelines } from '../../../services/timelines/name-timelines.ts'
import { findRow } from '../event-row.ts'
import { type Route, sketchRoute } from '../route.ts'
import { writeApiEvent } from '../wire.ts'

/** Questions with one answer each: how many, when, which values, which fields, which rows, and how. */
export const questionRoutes: readonly Route[] = [
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/count',
    summary: 'How many events answer.',
    body: questionSchema,
    answer: countAnswerSchema,
    handle: async (call, { body }) => ({
      count: await call.services.explore.count(
        call.principal,
        prepareQuestion(call.sketch.id, body, call.signal),
      ),
    }),
  }),
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/histogram',
    summary: 'Events over time.',
    body: histogramRequestSchema,
    answer: histogramAnswerSchema,
    handle: async (call, { body }) =>
      await countOverTime(
        call.services.explore,
        call.principal,
        prepareQuestion(call.sketch.id, body, call.signal),
        body.interval,
      ),
  }),
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/top',
    summary: 'A field’s commonest values.',
    body: topRequestSchema,
    answer: topAnswerSchema,
    handle: async (call, { body }) =>
      await countValues(
        call.services.explore,
        call.principal,
        prepareQuestion(call.sketch.id, body, call.signal),
        body.field,
        body.size,
      ),
  }),
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/fields',
    summary: 'The fields of the timelines asked about, with share and cardinality.',
    body: questionSchema.pick({ timelines: true }),
    answer: fieldsAnswerSchema,
    handle: async (call, { body }) => {
      const { selection } = prepareSelection(body)
      const fields = await call.services.explore.fields(call.principal, call.sketch.id, selection, {
        cardinality: true,
      })
      const total = await call.services.explore.count(call.principal, {
        sketchId: call.sketch.id,
        query: { kind: 'all' },
        ...(selection === undefined ? {} : { selection }),
        isStep: true,
        signal: call.signal,
      })
      return {
        fields: fields.map((field) => ({
          name: field.name,
          kinds: field.kinds,
          events: field.eventCount,
          share: total === 0 ? 0 : field.eventCount / total,
          cardinality: field.cardinality ?? 0,
        })),
      }
    },
  }),
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/rows',
    summary: 'Rows of an answer around a row number, a time or an event, oldest first.',
    body: rowsRequestSchema,
    answer: rowsAnswerSchema,
    handle: async (call, { body }, c) => {
      const question = prepareQuestion(call.sketch.id, body, call.signal)
      const row = await findRow(call, question, body.around)
      const firstRow = Math.max(0, row - body.before)
      const result = await call.services.explore.search(call.principal, {
        ...question,
        sort: 'asc',
        from: firstRow,
        size: row - firstRow + body.after,
      })
      const names = nameTimelines(result.timelines)
      const rows = result.events.map((event) => writeApiEvent(event, names.get(event.timelineId) ?? ''))
      return c.body(`{"rows":[${rows.join(',')}],"firstRow":${firstRow},"total":${result.total}}`, 200, {
        'content-type': 'application/json',
      })
    },
  }),
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/explain',
    summary: 'How a question would be answered, one step a line.',
    body: explainRequestSchema,
    answer: explainAnswerSchema,
    handle: async (call, { body }) => ({
      steps: await explainQuestion(
        call.services.explore,
        call.principal,
        prepareQuestion(call.sketch.id, body, call.signal),
        body.asks,
      ),
    }),
  }),
]
