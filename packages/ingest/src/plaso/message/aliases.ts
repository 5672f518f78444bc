import type { Values } from './values.ts'

/** Attributes that have another name since a release of Plaso: the older name, the newer one, and the data types it is about. */
interface Renaming {
  readonly older: string
  readonly newer: string
  /** Data types, or their beginning with `*`. */
  readonly dataTypes: readonly string[]
}

/** Renamings from release 20260512 to 20260720 (log2timeline/plaso, plaso/parsers). */
const RENAMINGS: readonly Renaming[] = [
  {
    older: 'body',
    newer: 'message_body',
    dataTypes: [
      'syslog:*',
      'selinux:line',
      'linux:dpkg_log:entry',
      'teamviewer:application_log:entry',
      'wincc:*',
      'cri:container:log:entry',
      'atlassian:bitbucket:line',
      'macos:notification_center:entry',
      'ios:kik:messaging',
      'ios:lockdownd_log:entry',
      'ios:sysdiag_log:entry',
      'ios:sysdiagnose:logd:line',
      'android:messaging:*',
    ],
  },
  {
    older: 'message',
    newer: 'message_body',
    dataTypes: [
      'android:logcat',
      'google_drive_sync_log:entry',
      'googlelog:log',
      'ios:instagram:message',
      'macos:asl:entry',
      'macos:securityd_log:entry',
      'snort:fastlog:alert',
      'chrome:preferences:extensions_autoupdater',
    ],
  },
  {
    older: 'log_line',
    newer: 'message_body',
    dataTypes: ['docker:container:log:entry', 'postgresql:application_log:entry'],
  },
  { older: 'status_message', newer: 'message_body', dataTypes: ['gcp:log:entry'] },
  {
    older: 'computer_name',
    newer: 'hostname',
    dataTypes: [
      'windows:evtx:record',
      'windows:evt:record',
      'macos:asl:entry',
      'macos:appfirewall_log:entry',
      'cups:ipp:event',
    ],
  },
  {
    older: 'host',
    newer: 'hostname',
    dataTypes: [
      'chrome:cookie:entry',
      'firefox:cookie:entry',
      'firefox:places:bookmark',
      'firefox:places:page_visited',
      'android:webview:cookie',
    ],
  },
  {
    older: 'user_name',
    newer: 'username',
    dataTypes: [
      'apache:access_log:entry',
      'confluence:access',
      'atlassian:bitbucket:*',
      'aws:cloudtrail:entry',
      'mackeeper:cache',
      'macos:launchd:entry',
      'postgresql:*',
      'santa:*',
    ],
  },
  {
    older: 'user',
    newer: 'username',
    dataTypes: ['cups:ipp:event', 'gcp:log:entry', 'postgresql:*', 'santa:*', 'linux:utmp:event'],
  },
  {
    older: 'file_name',
    newer: 'filename',
    dataTypes: ['android:files_by_google:record', 'googlelog:log', 'windows:registry:amcache'],
  },
  { older: 'type', newer: 'login_type', dataTypes: ['linux:utmp:event', 'macos:utmpx:entry'] },
  { older: 'type', newer: 'bookmark_type', dataTypes: ['firefox:places:bookmark'] },
  { older: 'type', newer: 'source_type', dataTypes: ['windows:registry:mount_points2'] },
  { older: 'display_name', newer: 'application_display_name', dataTypes: ['spotlight_searched_terms:entry'] },
  {
    older: 'display_name',
    newer: 'connection_display_name',
    dataTypes: ['teamviewer:connections_incoming:entry'],
  },
  { older: 'error_msg', newer: 'error_message', dataTypes: ['android:sqlite:downloads'] },
  { older: 'event', newer: 'activity', dataTypes: ['macos:application_usage:entry'] },
  { older: 'job_id', newer: 'job_identifier', dataTypes: ['cups:ipp:event'] },
  { older: 'doc_type', newer: 'document_type', dataTypes: ['cups:ipp:event'] },
  { older: 'tag', newer: 'flags', dataTypes: ['cri:container:log:entry'] },
]

/** Data types that have another name since release 20260720: the beginning of the older name, that of the newer one. */
const RENAMED_TYPES: readonly (readonly [older: string, newer: string])[] = [
  ['ccleaner:', 'windows:registry:ccleaner:'],
  ['setupapi:log:line', 'windows:setupapi:log:line'],
]

/** The names of an attribute of one data type, of releases before and since. */
export type AliasPair = readonly [older: string, newer: string]

/** Remembers which attributes of which data type go by two names. */
export class Aliases {
  readonly #known = new Map<string, readonly AliasPair[]>()

  /** The pairs of a data type. */
  of(dataType: string): readonly AliasPair[] {
    let pairs = this.#known.get(dataType)
    if (pairs === undefined) {
      pairs = RENAMINGS.filter(({ dataTypes }) => dataTypes.some((name) => matches(name, dataType))).map(
        ({ older, newer }) => [older, newer] as const,
      )
      if (this.#known.size < MAX_REMEMBERED) this.#known.set(dataType, pairs)
    }
    return pairs
  }

  /** Adds the other name of every attribute that has one and stands there by one name only. */
  complete(values: Values, dataType: string): void {
    for (const [older, newer] of this.of(dataType)) {
      const [old, recent] = [values.get(older), values.get(newer)]
      if (recent === undefined && old !== undefined) values.set(newer, old)
      else if (old === undefined && recent !== undefined) values.set(older, recent)
    }
  }
}

/** Data types of a hostile file may be as many as its events. */
const MAX_REMEMBERED = 2000

/** The other names under which a data type's formatter may stand. */
export function listTypeNames(dataType: string): readonly string[] {
  const names = [dataType]
  for (const [older, newer] of RENAMED_TYPES) {
    if (dataType.startsWith(older)) names.push(newer + dataType.slice(older.length))
    else if (dataType.startsWith(newer)) names.push(older + dataType.slice(newer.length))
  }
  return names
}

function matches(pattern: string, dataType: string): boolean {
  return pattern.endsWith('*') ? dataType.startsWith(pattern.slice(0, -1)) : dataType === pattern
}
