import type { LogSources } from './known-log-sources.ts'

/** Fields with their modifiers, and what they are to be: all of it. */
type Sign = Readonly<Record<string, string | true>>

/** A product whose events can be told from all others'. */
export interface EvidentProduct {
  /** Log sources of rules that are for such events. */
  readonly own: LogSources
  /** What such an event has, each way that it is written. */
  readonly signs: readonly Sign[]
  /** Log sources that only some of such events are of, and what all others have beside a sign. */
  readonly partly?: readonly { readonly of: LogSources; readonly others: Sign }[]
}

// Sysmon for Linux writes the same records as Sysmon.
const NOT_LINUX = 'startswith|neq'
const LINUX = 'Linux-Sysmon'
const DEFENDER = 'Microsoft-Windows-Windows Defender/Operational'
/** Log sources of what several devices of a network tell of its traffic. */
const OF_NETWORKS = ['dns', 'firewall', 'proxy', 'webserver']

/** By name. Not every event of a product has a sign: those without may be of any. */
export const EVIDENT_PRODUCTS: Readonly<Record<string, EvidentProduct>> = {
  /** Records of Windows' event log, which that of RPC Firewall is one of, and artefacts of Windows. */
  windows: {
    own: { product: ['windows', 'rpc_firewall'] },
    signs: [
      { 'Channel|exists': true, 'EventID|exists': true, [`Channel|${NOT_LINUX}`]: LINUX },
      { 'channel|exists': true, 'event_identifier|exists': true, [`channel|${NOT_LINUX}`]: LINUX },
      { 'log_name|exists': true, 'event_identifier|exists': true, [`log_name|${NOT_LINUX}`]: LINUX },
      { 'log_name|exists': true, 'event_id|exists': true, [`log_name|${NOT_LINUX}`]: LINUX },
      { 'winlog.channel|exists': true, [`winlog.channel|${NOT_LINUX}`]: LINUX },
      { 'data_type|startswith': 'windows:', [`Channel|${NOT_LINUX}`]: LINUX },
      { source: 'EVTX' },
      // Said by an import of records without a channel, too.
      {
        source_short: 'EVTX',
        [`Channel|${NOT_LINUX}`]: LINUX,
        [`channel|${NOT_LINUX}`]: LINUX,
        [`log_name|${NOT_LINUX}`]: LINUX,
        [`winlog.channel|${NOT_LINUX}`]: LINUX,
      },
    ],
    partly: [
      {
        of: { category: ['antivirus'] },
        others: {
          'Channel|neq': DEFENDER,
          'channel|neq': DEFENDER,
          'log_name|neq': DEFENDER,
          'winlog.channel|neq': DEFENDER,
          'xml_string|contains|neq': `<Channel>${DEFENDER}</Channel>`,
        },
      },
    ],
  },
  /** Records of CloudTrail. */
  aws: {
    own: { product: ['aws'] },
    signs: [{ 'eventSource|endswith': '.amazonaws.com', 'eventVersion|exists': true }],
  },
  /** Logs of Azure Monitor (its common schema of resource logs), tables of Log Analytics, sign-ins as Microsoft Graph gives them. */
  azure: {
    own: { product: ['azure', 'kubernetes'], category: [...OF_NETWORKS, 'database', 'application'] },
    signs: [
      { 'resourceId|startswith': '/subscriptions/', 'operationName|exists': true },
      { 'resourceId|startswith': '/tenants/', 'operationName|exists': true },
      { 'ResourceProviderValue|exists': true, 'OperationNameValue|exists': true },
      { 'ConditionalAccessStatus|exists': true, 'UserPrincipalName|exists': true },
      { 'conditionalAccessStatus|exists': true, 'userPrincipalName|exists': true },
    ],
  },
  /** Okta's System Log as its API returns it, or with its names in lower case. */
  okta: {
    own: { product: ['okta'] },
    signs: [
      { 'eventType|exists': true, 'displayMessage|exists': true, 'actor.alternateId|exists': true },
      { 'eventtype|exists': true, 'displaymessage|exists': true, 'actor.alternateid|exists': true },
    ],
  },
  /** Logs of connections, and of what was said over them, which name both ends. */
  zeek: {
    own: { product: ['zeek'], category: OF_NETWORKS },
    signs: [{ 'id.orig_h|exists': true, 'id.resp_h|exists': true }],
  },
}
