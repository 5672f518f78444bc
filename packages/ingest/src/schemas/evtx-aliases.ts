/**
 * Names that Plaso and Timesketch have for fields of Windows events, and the flat names that stand for them.
 *
 * Source: Plaso 20260720, `windows:evtx:record`; `computer_name` is what releases before it say.
 */
export const EVTX_ALIASES: Readonly<Record<string, string>> = {
  computer_name: 'Computer',
  hostname: 'Computer',
  source_name: 'Provider_Name',
  provider_identifier: 'Provider_Guid',
  event_identifier: 'EventID',
  message_identifier: 'EventID',
  event_version: 'Version',
  event_level: 'Level',
  record_number: 'EventRecordID',
  user_sid: 'Security_UserID',
}

/** Fields with one value for all Windows events. */
export const EVTX_CONSTANTS: Readonly<Record<string, string>> = {
  data_type: 'windows:evtx:record',
  source_short: 'EVTX',
  source_long: 'WinEVTX',
}
