/** Tables of ways in for events, of cases, and of searches that run by themselves. Times are milliseconds since 1970. */
export interface WorkspaceSchema {
  entities: EntityRow
  intakes: IntakeRow
  intake_formats: IntakeFormatRow
  cases: CaseRow
  case_alerts: { case_uid: string; alert_id: number }
  /** `event_id` as stores name events. */
  case_events: { case_uid: string; event_id: string }
  case_comments: CaseCommentRow
  /** What an API says of rules and alerts beside what they are here; `uid` is the thing's own. */
  api_details: { kind: 'rule' | 'alert' | 'comment'; uid: string; details_json: string }
  search_jobs: SearchJobRow
  saved_queries: SavedQueryRow
}

/** What a sketch is called where it is part of an organisation whose events are told apart. */
export interface EntityRow {
  sketch_id: number
  entity_id: string
  generation_mode: string
}

/** A way in for events, to a timeline of a sketch. */
export interface IntakeRow {
  /** UUID. */
  uid: string
  name: string
  /** What events are sent with; unique. */
  intake_key: string
  sketch_id: number
  format_uid: string
  /** Null until the first event came. */
  timeline_id: number | null
  /** Who made it, and in whose name events come. */
  user_id: number
  created_at_ms: number
  updated_at_ms: number
}

/** How events of an intake are written, as somebody described it. */
export interface IntakeFormatRow {
  uid: string
  name: string
  slug: string
  description: string
  details_json: string
  user_id: number
  created_at_ms: number
  updated_at_ms: number
}

/** Alerts and events that somebody looks into together. */
export interface CaseRow {
  /** 32 hex digits. */
  uid: string
  title: string
  description: string
  status: string
  priority: string
  tags_json: string
  /** Subscribers, verdict and what else is only kept. */
  details_json: string
  user_id: number
  updated_by_id: number
  created_at_ms: number
  updated_at_ms: number
}

/** A remark on a case. */
export interface CaseCommentRow {
  uid: string
  case_uid: string
  user_id: number
  text: string
  created_at_ms: number
  updated_at_ms: number | null
}

/** A search that runs by itself. */
export interface SearchJobRow {
  uid: string
  user_id: number
  /** `waiting`, `running`, `done`, `cancelled` or `failed`. */
  status: string
  term: string
  language: string
  /** Conditions beside the term, and what the caller said that is only told back. */
  details_json: string
  /** Microseconds since 1970; both ends belong to it. */
  earliest_us: number
  latest_us: number
  total: number
  is_visible: number
  problem: string | null
  created_at_ms: number
  started_at_ms: number | null
  ended_at_ms: number | null
  cancelled_by_id: number | null
}

/** A SOL program that somebody saved. */
export interface SavedQueryRow {
  uid: string
  name: string
  description: string
  program: string
  details_json: string
  user_id: number
  created_at_ms: number
  updated_at_ms: number
}
