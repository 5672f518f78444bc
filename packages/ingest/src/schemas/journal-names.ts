/**
 * Names that Plaso has for fields of systemd's journal, and the journal's own that stand for them.
 *
 * Source: Plaso 20260720, `systemd:journal`; systemd.journal-fields(7).
 */
export const JOURNAL_ALIASES: Readonly<Record<string, string>> = {
  hostname: '_HOSTNAME',
  reporter: 'SYSLOG_IDENTIFIER',
  pid: '_PID',
  message_body: 'MESSAGE',
  severity: 'PRIORITY',
  facility: 'SYSLOG_FACILITY',
  command_line: '_CMDLINE',
  executable: '_EXE',
  process_name: '_COMM',
  user_identifier: '_UID',
  group_identifier: '_GID',
  audit_login_identifier: '_AUDIT_LOGINUID',
  boot_identifier: '_BOOT_ID',
  machine_identifier: '_MACHINE_ID',
  selinux_context: '_SELINUX_CONTEXT',
  systemd_unit: '_SYSTEMD_UNIT',
  transport: '_TRANSPORT',
}

/** Fields with one value for every entry of a journal. */
export const JOURNAL_CONSTANTS: Readonly<Record<string, string>> = {
  data_type: 'systemd:journal',
  source_short: 'LOG',
  source_long: 'Systemd journal',
}
