import type { Generated } from 'kysely'
import type { AlertSchema } from './alert-schema.ts'
import type { AnalysisSchema } from './analysis-schema.ts'
import type { CaseSchema } from './case-schema.ts'
import type { ConnectorSchema } from './connector-schema.ts'
import type { DetectionSchema } from './detection-schema.ts'
import type { WorkspaceSchema } from './workspace-schema.ts'

/**
 * The tables of the metadata database. Times are integer milliseconds since 1970; flags are 0 or 1; JSON is text. The
 * tables themselves are made by the migrations beside this file.
 */
export interface Schema
  extends AlertSchema,
    AnalysisSchema,
    CaseSchema,
    ConnectorSchema,
    DetectionSchema,
    WorkspaceSchema {
  schema_versions: { version: number; name: string; applied_at_ms: number }
  users: UserRow
  groups: { id: Generated<number>; name: string; description: string; owner_id: number | null }
  group_members: { group_id: number; user_id: number }
  sketches: SketchRow
  /** Both ids null: everybody. */
  grants: {
    id: Generated<number>
    kind: 'sketch' | 'searchindex'
    object_id: number
    user_id: number | null
    group_id: number | null
    permission: string
  }
  /** `label_key` is the label in lower case: labels are unique without regard to case. */
  labels: {
    kind: LabelledKind
    object_id: number
    label: string
    label_key: string
    user_id: number
    at_ms: number
  }
  search_indexes: SearchIndexRow
  timelines: TimelineRow
  data_sources: DataSourceRow
  saved_searches: SavedSearchRow
  search_history: SearchHistoryRow
  comments: CommentRow
  /** Operations that changed a comment, whose value is what it says since, with what it said before. */
  comment_changes: {
    operation_id: string
    comment_id: number
    former_text: string
  }
  sketch_attributes: {
    id: Generated<number>
    sketch_id: number
    name: string
    ontology: string
    values_json: string
    user_id: number
  }
  api_keys: ApiKeyRow
  sessions: SessionRow
  audit_log: AuditRow
  mark_operations: MarkOperationRow
  imports: ImportRow
  /** What must still be removed from the store; kept until the store has done it. */
  store_cleanups: {
    id: Generated<number>
    index_name: string
    /** Null: the whole index. */
    timeline_id: number | null
    created_at_ms: number
  }
}

/** What can carry labels. */
export type LabelledKind = 'sketch' | 'searchindex' | 'timeline'

/** An account; `settings_json` is whatever its clients keep there. */
export interface UserRow {
  id: Generated<number>
  username: string
  password_hash: string
  name: string
  email: string
  is_admin: number
  is_active: number
  settings_json: string
  created_at_ms: number
  updated_at_ms: number
}

/** An investigation; without an owner when the account is gone. */
export interface SketchRow {
  id: Generated<number>
  name: string
  description: string
  owner_id: number | null
  status: string
  status_changed_at_ms: number
  revision: number
  created_at_ms: number
  updated_at_ms: number
}

/** A name for an index of the store; `index_name` is the store’s own. */
export interface SearchIndexRow {
  id: Generated<number>
  name: string
  index_name: string
  description: string
  owner_id: number | null
  status: string
  status_changed_at_ms: number
  created_at_ms: number
  updated_at_ms: number
}

/** Events of one origin in one index; without a sketch when it was taken out of it. */
export interface TimelineRow {
  id: Generated<number>
  sketch_id: number | null
  search_index_id: number
  name: string
  description: string
  color: string
  owner_id: number | null
  status: string
  status_changed_at_ms: number
  created_at_ms: number
  updated_at_ms: number
}

/** One upload into a timeline and what became of it; `import_id` names its import, where one was begun. */
export interface DataSourceRow {
  id: Generated<number>
  timeline_id: number
  owner_id: number | null
  provider: string
  context: string
  file_on_disk: string
  file_size_bytes: number
  original_filename: string
  data_label: string
  error_message: string
  total_file_events: number
  status: string
  status_changed_at_ms: number
  import_id: string | null
  created_at_ms: number
  updated_at_ms: number
}

/** A question kept under a name; with an empty name what the owner last looked at in the sketch. */
export interface SavedSearchRow {
  id: Generated<number>
  sketch_id: number
  owner_id: number
  name: string
  description: string
  query_string: string
  filter_json: string
  dsl_json: string
  is_deleted: number
  created_at_ms: number
  updated_at_ms: number
  search_template_id: number | null
}

/** A question somebody asked; `parent_id` is the one it was changed from. */
export interface SearchHistoryRow {
  id: Generated<number>
  sketch_id: number
  user_id: number
  parent_id: number | null
  description: string
  query_string: string
  filter_json: string
  dsl_json: string
  result_count: number
  query_time_ms: number
  labels_json: string
  context_json: string
  created_at_ms: number
}

/** A remark on an event, in force while its operation is. */
export interface CommentRow {
  id: Generated<number>
  sketch_id: number
  event_id: string
  index_name: string
  user_id: number
  text: string
  operation_id: string
  is_deleted: number
  /** The operation that deleted it; null for one that stands, and for those deleted before version 2. */
  deletion_id: string | null
  created_at_ms: number
  updated_at_ms: number
}

/** An API key, of which the hash only is kept; `prefix` is its first characters. */
export interface ApiKeyRow {
  id: Generated<number>
  user_id: number
  name: string
  prefix: string
  key_hash: string
  /** Blank-separated. */
  scopes: string
  /** The API it is for; a `KeyKind`. */
  kind: Generated<string>
  /** What it may do in the words of the platform, blank-separated; null: whatever its scopes allow. */
  permissions: string | null
  /** By which a platform's API knows it, where that is not the key itself. */
  client_id: string | null
  /** The key under the data directory's own key, where requests are signed with it; null where the hash is enough. */
  sealed_secret: string | null
  created_at_ms: number
  expires_at_ms: number | null
  revoked_at_ms: number | null
  last_used_at_ms: number | null
}

/** A browser’s session, by the hash of its cookie; without a user before the login. */
export interface SessionRow {
  id_hash: string
  user_id: number | null
  csrf_token: string
  created_at_ms: number
  expires_at_ms: number
}

/** One act of somebody: by whom (`via` session, api-key, local or system), by which API and key, on what, with which result. */
export interface AuditRow {
  id: Generated<number>
  at_ms: number
  user_id: number | null
  username: string
  via: string
  address: string
  request_id: string | null
  dialect: string | null
  api_key_id: number | null
  action: string
  subject: string
  sketch_id: number | null
  result: string
  details_json: string
}

/** One act of marking; `state` is a `MarkState`. */
export interface MarkOperationRow {
  ordinal: Generated<number>
  id: string
  sketch_id: number
  user_id: number
  kind: string
  value: string
  query_text: string | null
  /** Events named by id; null when a question named them. */
  id_count: number | null
  /** JSON list of the indexes the operation may have touched. */
  indexes_json: string
  matched: number
  changed: number
  state: string
  at_ms: number
  undone_at_ms: number | null
  undone_by_id: number | null
  /** Names acts that are taken back together; null for one that stands alone. */
  group_id: string | null
}

/** One import; `files_json` has the accounts of the files that are stored. */
export interface ImportRow {
  id: string
  ordinal: Generated<number>
  sketch_id: number
  timeline_id: number
  index_name: string
  data_source_id: number
  user_id: number
  status: string
  files_json: string
  error: string | null
  has_rejects: number
  searchable_seconds: number | null
  indexed_seconds: number | null
  /** Events of the timeline just before the last commit that was begun; tells, after a crash, whether it happened. */
  events_before: number | null
  /** 1: with that commit everything was read; 2: everything but the inputs that `error` names. */
  is_final_commit: number
  /** What it is to do (`AcceptedWork`), where that was acknowledged before it was done; null for others. */
  accepted_json: string | null
  /** How often the end of the process cut off its work, where it is taken up again. */
  cut_off_count: Generated<number>
  /** How many starts have tried to enter the items of platforms that it brought; null where none are to be entered. */
  items_tries: number | null
  queued_at_ms: number
  started_at_ms: number | null
  ended_at_ms: number | null
}
