import type { Generated } from 'kysely'

/** Tables of what people make of a case beside marks: counts that they keep, stories, graphs, and questions with answers. */
export interface CaseSchema {
  aggregations: AggregationRow
  aggregation_groups: AggregationGroupRow
  stories: StoryRow
  graphs: GraphRow
  /** What a graph plugin drew last in a sketch. */
  graph_cache: {
    id: Generated<number>
    sketch_id: number
    plugin: string
    config_json: string
    elements_json: string
    created_at_ms: number
    updated_at_ms: number
  }
  search_templates: SearchTemplateRow
  scenarios: ScenarioRow
  facets: FacetRow
  questions: QuestionRow
  approaches: ApproachRow
  conclusions: ConclusionRow
}

interface OwnedRow {
  id: Generated<number>
  owner_id: number
  created_at_ms: number
  updated_at_ms: number
}

/** An aggregator with its parameters, kept under a name; in at most one group. */
export interface AggregationRow extends OwnedRow {
  sketch_id: number
  group_id: number | null
  name: string
  description: string
  aggregator: string
  parameters_json: string
  chart_type: string
  saved_search_id: number | null
  labels_json: string
}

/** Aggregations that are drawn as one. */
export interface AggregationGroupRow extends OwnedRow {
  sketch_id: number
  name: string
  description: string
  parameters_json: string
  orientation: string
  saved_search_id: number | null
}

/** A report: `content_json` is the list of its blocks as the clients write it. */
export interface StoryRow extends OwnedRow {
  sketch_id: number
  title: string
  content_json: string
  labels_json: string
}

/** Nodes and edges kept under a name; `elements_json` is a list of Cytoscape's elements. */
export interface GraphRow extends OwnedRow {
  sketch_id: number
  name: string
  description: string
  config_json: string
  elements_json: string
}

/** A question with gaps, for every sketch; without an owner when a file of the data directory says it. */
export interface SearchTemplateRow {
  id: Generated<number>
  owner_id: number | null
  template_uuid: string
  name: string
  short_name: string
  description: string
  query_string: string
  query_filter: string
  query_dsl: string
  template_json: string
  created_at_ms: number
  updated_at_ms: number
}

interface DfiqRow extends OwnedRow {
  name: string
  display_name: string
  description: string
  dfiq_identifier: string
  uuid: string
  spec_json: string
}

/** What is investigated, as DFIQ describes it. */
export interface ScenarioRow extends DfiqRow {
  sketch_id: number
  status: string
}

/** A side of a scenario. */
export interface FacetRow extends DfiqRow {
  sketch_id: number
  scenario_id: number
}

/** Something to be answered; of a scenario, of a facet of one, or on its own. */
export interface QuestionRow extends DfiqRow {
  sketch_id: number
  scenario_id: number | null
  facet_id: number | null
  status: string
  /** `__ts_priority_low`, `…_medium`, `…_high`, or empty. */
  priority: string
  /** A list of `{name, value, ontology, description}`. */
  attributes_json: string
}

/** A way to an answer. */
export interface ApproachRow extends OwnedRow {
  question_id: number
  name: string
  display_name: string
  description: string
  spec_json: string
}

/** An answer; the events that prove it carry the label `__ts_fact_<id>`. */
export interface ConclusionRow extends OwnedRow {
  question_id: number
  conclusion: string
  is_automated: number
}
