import type {
  Approach,
  Conclusion,
  DfiqPart,
  Facet,
  Question,
  Scenario,
} from '../../../../services/scenarios/scenario-service.ts'
import { modelDate } from '../dates.ts'
import { marshalUser } from '../user.ts'
import { marshalSearchTemplate } from './search-template.ts'

/** A scenario with its facets. */
export function marshalScenario(scenario: Scenario): Record<string, unknown> {
  return {
    ...marshalPart(scenario),
    status: [
      {
        id: scenario.id,
        status: scenario.status,
        created_at: modelDate(scenario.createdAtMs),
        updated_at: modelDate(scenario.updatedAtMs),
      },
    ],
    facets: scenario.facets.map(marshalFacet),
  }
}

/** A facet with its questions. What was found is kept with the sketch, not with its facets. */
export function marshalFacet(facet: Facet): Record<string, unknown> {
  return {
    ...marshalPart(facet),
    questions: facet.questions.map(marshalQuestion),
    stories: [],
    saved_searches: [],
    saved_graphs: [],
    saved_aggregations: [],
  }
}

/** A question with its approaches and conclusions; its priority is a label. */
export function marshalQuestion(question: Question): Record<string, unknown> {
  const { priority } = question
  return {
    ...marshalPart(question),
    approaches: question.approaches.map(marshalApproach),
    conclusions: question.conclusions.map((conclusion) => marshalConclusion(conclusion, question.sketchId)),
    labels:
      priority === undefined
        ? []
        : [
            {
              name: priority,
              user: marshalUser(question.owner),
              created_at: modelDate(question.updatedAtMs),
              updated_at: modelDate(question.updatedAtMs),
            },
          ],
    status: { id: 0, status: question.status, created_at: null, updated_at: null },
  }
}

/** An answer with the events that prove it. */
export function marshalConclusion(conclusion: Conclusion, sketchId: number): Record<string, unknown> {
  return {
    id: conclusion.id,
    user: marshalUser(conclusion.owner),
    conclusion: conclusion.text,
    automated: conclusion.isAutomated,
    created_at: modelDate(conclusion.createdAtMs),
    updated_at: modelDate(conclusion.updatedAtMs),
    conclusion_events: conclusion.events.map((event) => ({
      id: 0,
      sketch_id: sketchId,
      document_id: event.id,
      searchindex_name: event.index,
    })),
  }
}

function marshalApproach(approach: Approach): Record<string, unknown> {
  return {
    id: approach.id,
    name: approach.name,
    display_name: approach.displayName,
    description: approach.description || null,
    spec_json: approach.specJson || null,
    search_templates: approach.searchTemplates.map(marshalSearchTemplate),
    created_at: modelDate(approach.createdAtMs),
    updated_at: modelDate(approach.updatedAtMs),
  }
}

function marshalPart(part: DfiqPart): Record<string, unknown> {
  return {
    id: part.id,
    name: part.name,
    display_name: part.displayName,
    description: part.description || null,
    dfiq_identifier: part.dfiqId || null,
    uuid: part.uuid,
    spec_json: part.specJson || null,
    user: marshalUser(part.owner),
    created_at: modelDate(part.createdAtMs),
    updated_at: modelDate(part.updatedAtMs),
  }
}
