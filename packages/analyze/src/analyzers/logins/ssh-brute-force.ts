import { fieldText } from '../../field-text.ts'
import type { Analyzer } from '../analyzer.ts'
import { luceneQuery } from '../lucene-query.ts'
import type { AuthRecord } from './brute-force.ts'
import { type AuthLog, runBruteForce } from './run-brute-force.ts'

const KINDS: readonly (readonly [start: string, kind: AuthRecord['kind']])[] = [
  ['Accepted', 'success'],
  ['Failed', 'failure'],
  ['Disconnected', 'disconnection'],
]

const SSH_LOG: Omit<AuthLog, 'query'> = {
  rule: { windowS: 3600, minFailures: 20, maxSuccesses: 1, longSessionS: 300 },
  tag: 'ssh_bruteforce',
  nothing: 'No SSH authentication events',
  isMarked: () => true,
  read(event) {
    const body = fieldText(event, 'body') ?? ''
    const kind = KINDS.find(([start]) => body.startsWith(start))?.[1]
    if (!kind) return undefined
    const text = (field: string): string => fieldText(event, field) ?? ''
    const address = text('ip_address')
    const username = text('username')
    return {
      kind,
      address,
      username,
      sessionId: [text('hostname'), username, address, text('port')].join('|'),
    }
  },
}

/** Finds SSH log-ins that many failures from the same address came before. Reads what feature extraction found in the messages. */
export const sshBruteForce: Analyzer = {
  name: 'sshbruteforceanalyzer',
  displayName: 'SSH Brute Force Analyzer',
  description: 'Finds SSH log-ins that 20 or more failures from the same address came before within an hour',
  dependencies: ['feature_extraction'],
  run: (run) =>
    runBruteForce(sshBruteForce, run, {
      ...SSH_LOG,
      query: luceneQuery(
        'reporter:sshd AND (body:*Accepted* OR body:*Failed* OR (body:*Disconnected* AND NOT body:*preauth*))',
      ),
    }),
}
