import type { Generated } from 'kysely'

/** Tables of what analyzers have been asked to do, and what came of it. */
export interface AnalysisSchema {
  analysis_sessions: AnalysisSessionRow
  analyses: AnalysisRow
}

/** Analyses of one timeline that were started together. */
export interface AnalysisSessionRow {
  id: Generated<number>
  sketch_id: number
  owner_id: number
  created_at_ms: number
  updated_at_ms: number
}

/** One analyzer with one set of parameters over one timeline. */
export interface AnalysisRow {
  id: Generated<number>
  session_id: number
  sketch_id: number
  timeline_id: number
  owner_id: number
  analyzer: string
  parameters_json: string
  /** Of all sets of parameters that were planned with this one. */
  plan_hash: string
  /** PENDING, STARTED, DONE, ERROR. */
  status: string
  status_changed_at_ms: number
  result: string | null
  log: string | null
  /** `group_id` of the acts of marking it made. */
  mark_group: string
  created_at_ms: number
  updated_at_ms: number
}
