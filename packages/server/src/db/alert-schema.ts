import type { Generated } from 'kysely'

/** Tables of what detection and other platforms found, and what became of it. Times of events are integer microseconds. */
export interface AlertSchema {
  organisations: OrganisationRow
  invitations: InvitationRow
  webhooks: WebhookRow
  /** What other platforms' APIs keep for an organisation; `kind` says what it is, `setting_key` which of these. */
  organisation_settings: {
    organisation_id: number
    kind: string
    setting_key: string
    value_json: string
    created_at_ms: number
  }
  devices: DeviceRow
  /** Where a device was seen, and when. */
  device_sketches: { device_id: number; sketch_id: number; first_us: number; last_us: number }
  device_operations: DeviceOperationRow
  alerts: AlertRow
  alert_counts: AlertCountRow
  earlier_copy_counts: EarlierCopyCountRow
  incidents: IncidentRow
  finding_changes: FindingChangeRow
  finding_comments: FindingCommentRow
  suppressions: SuppressionRow
  detection_runs: DetectionRunRow
  sketch_detection: SketchDetectionRow
}

/** Whose devices and alerts they are. */
export interface OrganisationRow {
  id: Generated<number>
  uid: string
  name: string
  /** One of them: what names no organisation belongs to it. */
  is_default: number
  created_at_ms: number
}

/** Somebody who was asked to join an organisation; without a user when whoever asked is gone. */
export interface InvitationRow {
  id: Generated<number>
  uid: string
  organisation_id: number
  email: string
  role: string
  details_json: string
  user_id: number | null
  created_at_ms: number
}

/** An address that alerts are sent to which came after `last_alert_id`, in the name of a user. */
export interface WebhookRow {
  id: Generated<number>
  uid: string
  organisation_id: number
  user_id: number
  url: string
  /** Which addresses may be called. */
  rules_json: string
  is_enabled: number
  min_severity: number
  last_alert_id: number
  /** Tries that failed one after the other. */
  failures: number
  next_send_ms: number
  last_sent_ms: number | null
  problem: string | null
  created_at_ms: number
}

/** A host; `name_key` is its name in lower case, unique in its organisation. */
export interface DeviceRow {
  id: Generated<number>
  uid: string
  organisation_id: number
  name: string
  name_key: string
  /** `events`, or the platform it was pulled from. */
  source: string
  /** Platform -> what it says of the device. */
  details_json: string
  /** What somebody here decided of it; it stands above what platforms say. */
  decided_json: Generated<string>
  /** When it was taken out; null while it is in. */
  removed_at_ms: Generated<number | null>
  /** One of the records in `details_json` says that it is connected. */
  is_online: Generated<number>
  created_at_ms: number
  updated_at_ms: number
}

/** Something that a device is told to do. */
export interface DeviceOperationRow {
  id: Generated<number>
  /** Digits. */
  uid: string
  /** UUID of the call that told several devices the same. */
  batch_uid: string
  /** `operation`, or `response`: of those who look into incidents. */
  kind: string
  name: string
  device_id: number
  parameters_json: string
  comment: string
  /** `pending`, `ongoing`, `finished` or `failed`. */
  status: string
  user_id: number | null
  username: string
  created_at_ms: number
  updated_at_ms: number
}

/** What alerts and incidents have in common. */
export interface FindingRow {
  id: Generated<number>
  /** 32 hex digits. */
  uid: string
  /** What makes it one and the same when it is found again. */
  source_key: string
  organisation_id: number
  /** Null for what was pulled without one. */
  sketch_id: number | null
  title: string
  /** 0 to 100. */
  severity: number
  /** In lower case. */
  host: string | null
  account: string | null
  first_us: number
  last_us: number
  status: string
  resolution: string | null
  reason: string
  assignee_id: number | null
  created_at_ms: number
  updated_at_ms: number
  closed_at_ms: number | null
  closed_by_id: number | null
  /** 1 once another sketch had the same item of a platform; a trigger says so. */
  has_copies: Generated<number>
  /** 2 where a copy of its organisation changed later, 1 where only those of others did; triggers keep it. */
  later_copy: Generated<number>
}

/** Events that a rule found on one host in one window of time, or an alert of another platform. */
export interface AlertRow extends FindingRow {
  source: string
  description: string
  rule_uuid: string | null
  /** The timeline of the first event that was found. */
  timeline_id: number | null
  device_id: number | null
  incident_id: number | null
  count: number
  /** Timeline -> events found in it, first and last: what another run finds there takes their place. */
  counts_json: string
  /** The first events, as many as are kept. */
  evidence_json: string
  tags_json: string
  /** Values that the events have in common. */
  group_json: string
  /** The record of the platform it was pulled from. */
  details_json: string
  /** The engine of WithSecure Elements that it counts as; null for what belongs to an incident only. */
  engine: Generated<string | null>
  /** The platform's id of what it is about. */
  target_id: Generated<string | null>
}

/** How many alerts of a day are alike; triggers of `alerts` keep it. */
export interface AlertCountRow
  extends Pick<FindingRow, 'sketch_id' | 'organisation_id' | 'severity' | 'status'> {
  /** Of `created_at_ms`, in days since 1970 in UTC. */
  day: number
  alerts: number
}

/** How many of the alerts that `alert_counts` counts have a later copy; triggers of `alerts` keep it. */
export interface EarlierCopyCountRow extends AlertCountRow, Pick<AlertRow, 'later_copy'> {}

/** Alerts of one host or account that are near in time. */
export interface IncidentRow extends FindingRow {
  /** 0 to 100. */
  risk: number
  merged_into_id: number | null
  /** `detection`, or the platform it was pulled from. */
  source: Generated<string>
  /** The record of that platform. */
  details_json: Generated<string>
}

/** What was done to an alert or incident, by whom. */
export interface FindingChangeRow {
  id: Generated<number>
  /** `alert` or `incident`. */
  kind: string
  finding_id: number
  user_id: number | null
  username: string
  at_ms: number
  action: string
  details_json: string
}

/** A remark on an alert or incident. */
export interface FindingCommentRow {
  id: Generated<number>
  uid: string
  kind: string
  finding_id: number
  user_id: number | null
  username: string
  at_ms: number
  text: string
}

/** Hits that are not to become alerts; what is null is any. */
export interface SuppressionRow {
  id: Generated<number>
  uid: string
  sketch_id: number | null
  rule_uuid: string | null
  host: string | null
  reason: string
  user_id: number | null
  created_at_ms: number
  until_ms: number | null
}

/** How a sketch is watched. */
interface SketchDetectionRow {
  sketch_id: number
  is_live: number
  /** How far its events were looked at. */
  position_json: string
  /** 0 when everything was looked at when the last process that had it open ended well. */
  may_have_unseen: Generated<number>
}

/** A run of detection with its report. */
export interface DetectionRunRow {
  id: Generated<number>
  uid: string
  sketch_id: number
  user_id: number | null
  /** `run`: over everything; `live`: over what came since. */
  mode: string
  started_at_ms: number
  ended_at_ms: number
  report_json: string
}
