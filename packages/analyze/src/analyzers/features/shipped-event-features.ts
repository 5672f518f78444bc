import type { AnalyzerParameters } from '../analyzer.ts'
import type { NamedRules } from '../settings.ts'

interface Provider {
  readonly name: string
  readonly guid: string
}

const SECURITY: Provider = {
  name: 'Microsoft-Windows-Security-Auditing',
  guid: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
}
const SERVICES: Provider = { name: 'Service Control Manager', guid: '{555908d1-a6d7-4695-8e1e-26931d2012f4}' }
const SESSIONS: Provider = {
  name: 'Microsoft-Windows-TerminalServices-LocalSessionManager',
  guid: '{5d896912-022d-40aa-a3a8-4fa5515c76d7}',
}
const BITS: Provider = {
  name: 'Microsoft-Windows-Bits-Client',
  guid: '{ef1cc15b-46c1-414e-bb95-e76b077bd51e}',
}

const SUBJECT =
  'subject_user_sid subject_user_name=subject_username subject_domain_name=subject_domain subject_logon_id'
const TARGET = 'target_user_sid target_user_name=username target_domain_name=domain'
const LOGON_4624_V0 = `${SUBJECT} ${TARGET} target_logon_id=logon_id logon_type logon_process_name authentication_package_name workstation_name logon_guid transmitted_services lm_package_name key_length process_id process_name ip_address ip_port=port`
const LOGON_4624_V1 = `${LOGON_4624_V0} impersonation_level`
const PROCESS = `${SUBJECT} new_process_id new_process_name=process_name token_elevation_type process_id`
const MEMBER = `member_name member_sid target_user_name=username target_domain_name=domain target_sid ${SUBJECT} privilege_list`
const SESSION = 'user session_id:SessionID'
const SESSION_FROM = `${SESSION} source_network_address:Address=ip_address`

/**
 * Windows events whose data get names, where the data directory has no `winevt_features.yaml`. What the data are, and in which order:
 * the events' manifests, as Windows 10 and Server 2019 have them; the names they get are those of Timesketch 20261014.
 */
export const SHIPPED_EVENT_FEATURES: NamedRules = {
  security_4624_v0: eventFeature(SECURITY, 4624, 0, LOGON_4624_V0),
  security_4624_v1: eventFeature(SECURITY, 4624, 1, LOGON_4624_V1),
  security_4624_v2: eventFeature(
    SECURITY,
    4624,
    2,
    `${LOGON_4624_V1} restricted_admin_mode target_outbound_user_name target_outbound_domain_name virtual_account target_linked_logon_id elevated_token`,
  ),
  security_4625_v0: eventFeature(
    SECURITY,
    4625,
    0,
    `${SUBJECT} ${TARGET} status failure_reason sub_status logon_type logon_process_name authentication_package_name workstation_name transmitted_services lm_package_name key_length process_id process_name ip_address ip_port=port`,
  ),
  security_4634_v0: eventFeature(SECURITY, 4634, 0, `${TARGET} target_logon_id=logon_id logon_type`),
  security_4648_v0: eventFeature(
    SECURITY,
    4648,
    0,
    `${SUBJECT} logon_guid target_user_name=username target_domain_name=domain target_logon_guid target_server_name target_info process_id process_name ip_address ip_port=port`,
  ),
  security_4688_v0: eventFeature(SECURITY, 4688, 0, PROCESS),
  security_4688_v1: eventFeature(SECURITY, 4688, 1, `${PROCESS} command_line`),
  security_4688_v2: eventFeature(
    SECURITY,
    4688,
    2,
    `${PROCESS} command_line ${TARGET} target_logon_id=logon_id parent_process_name mandatory_level:MandatoryLabel`,
  ),
  security_4720_v0: eventFeature(
    SECURITY,
    4720,
    0,
    `target_user_name target_domain_name target_sid ${SUBJECT} privilege_list sam_account_name=username display_name`,
  ),
  security_4728_v0: eventFeature(SECURITY, 4728, 0, MEMBER),
  security_4732_v0: eventFeature(SECURITY, 4732, 0, MEMBER),
  system_7045_v0: eventFeature(
    SERVICES,
    7045,
    0,
    'service_name image_path service_type start_type account_name',
  ),
  terminal_services_21_v0: eventFeature(SESSIONS, 21, 0, SESSION_FROM),
  terminal_services_23_v0: eventFeature(SESSIONS, 23, 0, SESSION),
  terminal_services_24_v0: eventFeature(SESSIONS, 24, 0, SESSION_FROM),
  terminal_services_25_v0: eventFeature(SESSIONS, 25, 0, SESSION_FROM),
  terminal_services_39_v0: eventFeature(
    SESSIONS,
    39,
    0,
    'target_session_id:TargetSession source_session_id:Source',
  ),
  terminal_services_40_v0: eventFeature(SESSIONS, 40, 0, 'session_id:Session reason'),
  bits_client_3_v3: eventFeature(
    BITS,
    3,
    3,
    'job_title job_id job_owner process_path process_id client_process_start_key',
  ),
  bits_client_59_v1: eventFeature(
    BITS,
    59,
    1,
    'transfer_id name id:Id url peer file_time file_length bytes_total bytes_transferred=bytes_out bytes_transferred_from_peer=bytes_in',
  ),
}

/**
 * A feature in the format of `winevt_features.yaml`.
 *
 * @param names - In the order of the event's data, each with the data's own name (`:Name`, where it is not the same in other
 *   spelling) and a second one that it gets (`=alias`).
 */
function eventFeature(provider: Provider, id: number, version: number, names: string): AnalyzerParameters {
  return {
    source_name: [provider.name],
    provider_identifier: [provider.guid],
    event_identifier: id,
    event_version: version,
    mapping: names.split(' ').map((text, index) => {
      const [, name, data, alias] = /^(\w+)(?::(\w+))?(?:=(\w+))?$/.exec(text)!
      return {
        name,
        string_index: index,
        ...(data === undefined ? {} : { data_name: data }),
        ...(alias === undefined ? {} : { aliases: [alias] }),
      }
    }),
  }
}
