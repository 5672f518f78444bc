import type { NamedRules } from '../settings.ts'

const WINDOWS = 'data_type:"windows:evtx:record"'

/** Rules that count where the data directory has no `tags.yaml`. */
export const SHIPPED_TAG_RULES: NamedRules = {
  yara_match: {
    query_string: '_exists_:yara_match AND NOT yara_match.keyword:"-"',
    tags: ['yara', '$yara_match'],
    modifiers: ['split'],
    save_search: true,
    search_name: 'Yara rule matches',
  },
  windows_log_cleared: {
    query_string: `${WINDOWS} AND ((event_identifier:1102 AND source_name:"Microsoft-Windows-Eventlog") OR event_identifier:104)`,
    tags: ['log-cleared'],
    emojis: ['WASTEBASKET'],
    save_search: true,
    search_name: 'Event logs that were cleared',
  },
  windows_service_installed: {
    query_string: `${WINDOWS} AND event_identifier:7045`,
    tags: ['service-installed'],
    emojis: ['SPARKLES'],
    save_search: true,
    search_name: 'Services that were installed',
  },
  windows_task_created: {
    query_string: `${WINDOWS} AND event_identifier:4698`,
    tags: ['scheduled-task-created'],
    emojis: ['SPARKLES'],
    save_search: true,
    search_name: 'Scheduled tasks that were created',
  },
  windows_account_created: {
    query_string: `${WINDOWS} AND event_identifier:4720`,
    tags: ['account-created'],
    emojis: ['PERSON_STANDING', 'SPARKLES'],
    save_search: true,
    search_name: 'Windows accounts that were created',
  },
  windows_group_member_added: {
    query_string: `${WINDOWS} AND event_identifier:(4728 OR 4732 OR 4756)`,
    tags: ['group-member-added'],
    emojis: ['PERSON_STANDING'],
  },
  windows_remote_desktop: {
    query_string: `${WINDOWS} AND source_name:"Microsoft-Windows-TerminalServices-LocalSessionManager" AND event_identifier:(21 OR 25)`,
    tags: ['rdp-session'],
    emojis: ['SCREEN'],
  },
  powershell_script_block: {
    query_string: `${WINDOWS} AND source_name:"Microsoft-Windows-PowerShell" AND event_identifier:4104`,
    tags: ['powershell-script'],
  },
  aws_console_login: {
    query_string: 'data_type:"aws:cloudtrail:entry" AND event_name:"ConsoleLogin"',
    tags: ['ConsoleLogin'],
    save_search: true,
    search_name: 'ConsoleLogin',
  },
  linux_sudo: {
    query_string: 'reporter:sudo AND body:*COMMAND=*',
    tags: ['sudo-command'],
    regular_expression: 'COMMAND=\\S',
    re_attribute: 'body',
  },
}
