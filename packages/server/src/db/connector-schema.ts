/** Tables of what is pulled from other platforms. */
export interface ConnectorSchema {
  connectors: ConnectorRow
  connector_items: ConnectorItemRow
  connector_batches: ConnectorBatchRow
  connector_rejects: ConnectorRejectRow
  device_names: DeviceNameRow
}

/** A platform that is pulled from, into a timeline of a sketch. */
export interface ConnectorRow {
  /** 32 hex digits. */
  uid: string
  /** Unique. */
  name: string
  platform: string
  url: string
  sketch_id: number
  /** Null until the first item came. */
  timeline_id: number | null
  /** Who made it, and in whose name it pulls. */
  user_id: number
  /** Client or user id, and what else is no secret. */
  settings_json: string
  /** As `SecretBox` seals it. */
  sealed_secret: string
  /** Addresses of private networks may be called. */
  is_private_allowed: number
  /** Stream -> where it goes on. */
  cursors_json: string
  /** `new`, `ok`, `backing-off` or `failed`. */
  state: string
  /** What went wrong, in words; empty when nothing did. */
  problem: string
  /** Since when it is in this state. */
  state_since_ms: number
  /** Failures one after another. */
  failures: number
  last_pull_ms: number | null
  /** When the scheduler pulls next. */
  next_pull_ms: number
  /** Sums over all pulls: read, new, updated, unchanged, rejected. */
  counts_json: string
  created_at_ms: number
  /** Null for one that is there: one that was removed has neither name nor secret, and is found again by its account. */
  removed_at_ms: number | null
  /** The platform's name of whose items they are, or of several, with blanks between; empty where the platform did not tell yet. */
  account: string
}

/** An item that a connector has brought. */
export interface ConnectorItemRow {
  connector_uid: string
  /** Sort of item, and the platform's id of it. */
  kind: string
  item_id: string
  /** Of its content, without what moves all the time. */
  hash: string
  /** Null where it could not become an event. */
  event_id: string | null
}

/** What a pull is about to store, until it is stored whole: at most one for a connector. */
export interface ConnectorBatchRow {
  connector_uid: string
  /** The store's id of the transaction that stores its events. */
  import_id: string
  payload_json: string
}

/** An item of a pull that could not be stored, or became no event. */
export interface ConnectorRejectRow {
  connector_uid: string
  kind: string
  /** Of the item as it came. */
  hash: string
  /** Null where it has none. */
  item_id: string | null
  /** Why, a sentence. */
  reason: string
  /** The item as it came. */
  item_json: string
  at_ms: number
}

/** The platform's id of a device. */
export interface DeviceNameRow {
  platform: string
  external_id: string
  organisation_id: number
  device_id: number
  /** Whose items said so; null where that sketch is gone, or nobody noted it. */
  sketch_id: number | null
}
