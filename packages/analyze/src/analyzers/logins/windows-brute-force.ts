import { fieldText } from '../../field-text.ts'
import type { Analyzer } from '../analyzer.ts'
import { luceneQuery } from '../lucene-query.ts'
import { readEventText } from '../windows/event-data.ts'
import { readEventId } from '../windows/event-id.ts'
import type { AuthRecord } from './brute-force.ts'
import { type AuthLog, runBruteForce } from './run-brute-force.ts'

/** Where an event has its data; see `readEventData`. */
interface Places {
  readonly kind: AuthRecord['kind']
  readonly type: number
  readonly user: number
  readonly address: number | undefined
  readonly logonId: number
}

const PLACES: ReadonlyMap<number, Places> = new Map([
  [4624, { kind: 'success', type: 8, user: 5, address: 18, logonId: 7 }],
  // A failure has no logon of its own: the one it names is its subject's.
  [4625, { kind: 'failure', type: 10, user: 5, address: 19, logonId: 3 }],
  [4634, { kind: 'disconnection', type: 4, user: 1, address: undefined, logonId: 3 }],
])

/** Logons at the console, over the network and by remote desktop. */
const TYPES: ReadonlySet<string> = new Set(['2', '3', '10'])

const WINDOWS_LOG: Omit<AuthLog, 'query'> = {
  // Windows writes a logon of an administrator twice.
  rule: { windowS: 3600, minFailures: 20, maxSuccesses: 2, longSessionS: 30 },
  tag: 'windows_bruteforce',
  nothing: 'No Windows authentication events',
  isMarked: ({ kind }) => kind !== 'failure',
  read(event) {
    const places = PLACES.get(readEventId(event) ?? 0)
    if (!places) return undefined
    const { kind, type, user, address, logonId } = places
    const logonType = readEventText(event, type, 'LogonType') ?? fieldText(event, 'logon_type') ?? ''
    if (kind !== 'disconnection' && !TYPES.has(logonType)) return undefined
    const from = address === undefined ? undefined : readEventText(event, address, 'IpAddress')
    return {
      kind,
      address: from ?? fieldText(event, 'ip_address') ?? '',
      username: readEventText(event, user, 'TargetUserName') ?? fieldText(event, 'username') ?? '',
      sessionId: [
        fieldText(event, 'computer_name') ?? '',
        readEventText(event, logonId, 'TargetLogonId') ?? fieldText(event, 'logon_id') ?? '',
      ].join('|'),
    }
  },
}

/** Finds Windows logons that many failures from the same address came before. */
export const windowsBruteForce: Analyzer = {
  name: 'windowsbruteforceanalyser',
  displayName: 'Windows Login Brute Force Analyzer',
  description:
    'Finds Windows logons that 20 or more failures from the same address came before within an hour',
  dependencies: ['feature_extraction'],
  run: (run) =>
    runBruteForce(windowsBruteForce, run, {
      ...WINDOWS_LOG,
      query: luceneQuery(
        'source_name:"Microsoft-Windows-Security-Auditing" AND event_identifier:(4624 OR 4625 OR 4634)',
      ),
    }),
}
