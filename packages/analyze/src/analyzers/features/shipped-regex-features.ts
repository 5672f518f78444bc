import type { AnalyzerParameters } from '../analyzer.ts'
import type { NamedRules } from '../settings.ts'

const WEB = 'source_short:"WEBHIST"'
const SSHD = 'reporter:"sshd"'
const IPV4 = '(?:\\d{1,3}\\.){3}\\d{1,3}'
const PART = '(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F:]+)'

/**
 * Features that count where the data directory has no `regex_features.yaml`. Names, fields and tags are those that Timesketch 20261014
 * ships, for the analyzers that read them; the expressions are ours.
 */
export const SHIPPED_REGEX_FEATURES: NamedRules = {
  email_addresses: feature(WEB, 'message', 'email_address', '[\\w.+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+', {
    tags: ['email-address'],
  }),
  gmail_accounts: account(
    `${WEB} AND url:"mail.google.com"`,
    'message',
    '[\\w.+-]+@(?:gmail|googlemail)\\.com',
    'gmail-account',
  ),
  github_accounts: account(
    `${WEB} AND url:"https://github.com/users" AND title:"Your Profile"`,
    'url',
    'github\\.com/users/([A-Za-z0-9-]{1,39})',
    'github-account',
  ),
  linkedin_accounts: account(
    `${WEB} AND url:"linkedin.com/in/" AND url:"/edit/"`,
    'url',
    'linkedin\\.com/in/([^/?#]{5,100})/edit/',
    'linkedin-account',
  ),
  rdp_ts_ipv4_addresses: windows(
    'Microsoft-Windows-TerminalServices-LocalSessionManager',
    'ip_address',
    IPV4,
  ),
  rdp_rds_ipv4_addresses: windows('Microsoft-Windows-RemoteDesktopServices-RdpCoreTS', 'client_ip', IPV4),
  ssh_client_ipv4_addresses: feature(SSHD, 'message', 'client_ip', `Connection from (${IPV4}) port \\d+ on `),
  ssh_client_ipv4_addresses_2: feature(
    SSHD,
    'message',
    'client_ip',
    `Connection \\w+ by (${IPV4}) port \\d+`,
  ),
  ssh_host_ipv4_addresses: feature(
    SSHD,
    'message',
    'host_ip',
    `Connection from ${IPV4} port \\d+ on (${IPV4}) port`,
  ),
  ssh_client_password_ipv4_addresses: feature(
    SSHD,
    'message',
    'client_ip',
    `(?:Accepted|Failed) (?:password|publickey) for (?:invalid user )?\\S* ?from (${IPV4}) port \\d+`,
  ),
  ssh_accepted_username: sshLogin('Accepted', 'username'),
  ssh_accepted_ip_address: sshLogin('Accepted', 'ip_address'),
  ssh_accepted_port: sshLogin('Accepted', 'port'),
  ssh_accepted_method: sshLogin('Accepted', 'authentication_method'),
  ssh_failed_username: sshLogin('Failed', 'username'),
  ssh_failed_ip_address: sshLogin('Failed', 'ip_address'),
  ssh_failed_port: sshLogin('Failed', 'port'),
  ssh_failed_method: sshLogin('Failed', 'authentication_method'),
  ssh_disconnected_username: feature(
    SSHD,
    'body',
    'username',
    `Disconnected from user (\\S+) ${PART} port \\d+`,
  ),
  ssh_disconnected_ip_address: feature(
    SSHD,
    'body',
    'ip_address',
    `Disconnected from user \\S+ (${PART}) port \\d+`,
  ),
  ssh_disconnected_port: feature(SSHD, 'body', 'port', `Disconnected from user \\S+ ${PART} port (\\d+)`),
  win_bits_client_ipv4_addresses: windows('Microsoft-Windows-Bits-Client', 'ip_address', IPV4),
  win_bits_client_url: windows('Microsoft-Windows-Bits-Client', 'url', 'https?://[^\\s\'",]+'),
}

function feature(
  query_string: string,
  attribute: string,
  store_as: string,
  re: string,
  more: AnalyzerParameters = {},
): AnalyzerParameters {
  return { query_string, attribute, store_as, re, ...more }
}

function account(query: string, attribute: string, re: string, tag: string): AnalyzerParameters {
  return feature(query, attribute, 'found_account', re, { tags: [tag], emojis: ['ID_BUTTON'] })
}

function windows(provider: string, storeAs: string, re: string): AnalyzerParameters {
  return feature(`data_type:"windows:evtx:record" AND source_name:"${provider}"`, 'strings', storeAs, re)
}

/** One part of "Accepted METHOD for USER from ADDRESS port PORT"; the others are not caught. */
function sshLogin(
  outcome: 'Accepted' | 'Failed',
  part: 'authentication_method' | 'username' | 'ip_address' | 'port',
): AnalyzerParameters {
  const catchIf = (name: string, pattern: string): string =>
    name === part ? `(${pattern})` : `(?:${pattern})`
  const re = `^${outcome} ${catchIf('authentication_method', '\\S+')} for (?:invalid user )?${catchIf('username', '\\S+')} from ${catchIf('ip_address', PART)} port ${catchIf('port', '\\d+')}`
  return feature(SSHD, 'body', part, re)
}
