import type { AnalyzerReport } from '../report.ts'

/** One act of logging in, or the end of what it began. */
export interface AuthRecord {
  readonly eventId: string
  /** Seconds since 1970. */
  readonly timeS: number
  readonly kind: 'success' | 'failure' | 'disconnection'
  readonly address: string
  readonly username: string
  /** What a log-in and its end have in common. */
  readonly sessionId: string
}

/** From when on a log-in is called one by brute force. */
export interface BruteForceRule {
  /** Seconds before a log-in in which failures count. */
  readonly windowS: number
  readonly minFailures: number
  /** Log-ins that the window may have, this one included. */
  readonly maxSuccesses: number
  /** From how many seconds on a session was used by somebody. */
  readonly longSessionS: number
}

/** Log-ins after many failures from one address. */
export interface BruteForce {
  readonly address: string
  readonly logins: readonly { readonly record: AuthRecord; readonly durationS: number | undefined }[]
  /** All records of the address, by time. */
  readonly records: readonly AuthRecord[]
}

/** Users that a report names. */
const TOP_USERS = 10

/**
 * Finds log-ins that many failures from the same address came before. Rule: Timesketch 20261014 (lib/analyzers/authentication/utils.py).
 *
 * @param records - In any order; all are looked at several times.
 */
export function findBruteForce(records: readonly AuthRecord[], rule: BruteForceRule): readonly BruteForce[] {
  const ordered = records.toSorted((a, b) => a.timeS - b.timeS)
  const ends = Map.groupBy(
    ordered.filter(({ kind }) => kind === 'disconnection'),
    ({ sessionId }) => sessionId,
  )
  const found: BruteForce[] = []
  for (const [address, own] of Map.groupBy(ordered, (record) => record.address)) {
    if (address === '') continue
    const logins = listForced(own, rule).map((record) => {
      const end = ends.get(record.sessionId)?.find(({ timeS }) => timeS >= record.timeS)
      return { record, durationS: end && end.timeS - record.timeS }
    })
    if (logins.length > 0) found.push({ address, logins, records: own })
  }
  return found
}

/** What is told of them; of none too. */
export function reportBruteForce(found: readonly BruteForce[], rule: BruteForceRule): AnalyzerReport {
  if (found.length === 0)
    return {
      priority: 'NOTE',
      summary: 'No bruteforce activity',
      markdown: '### Brute Force Analyzer\n\nNo log-in came after many failures.',
    }
  return {
    priority: 'HIGH',
    summary: found.map(({ address, logins }) => `${logins.length} brute force from ${address}`).join(', '),
    markdown: ['### Brute Force Analyzer', ...found.map((one) => describe(one, rule))].join('\n\n'),
  }
}

/** Log-ins of one address, whose records are in order of time. */
function listForced(records: readonly AuthRecord[], rule: BruteForceRule): readonly AuthRecord[] {
  const forced: AuthRecord[] = []
  let start = 0
  let end = 0
  let failures = 0
  let successes = 0
  const count = ({ kind }: AuthRecord, by: 1 | -1): void => {
    if (kind === 'failure') failures += by
    else if (kind === 'success') successes += by
  }
  for (const record of records) {
    if (record.kind !== 'success') continue
    // The window has all of its last second, also what stands behind this record.
    while (end < records.length && records[end]!.timeS <= record.timeS) count(records[end++]!, 1)
    while (records[start]!.timeS < record.timeS - rule.windowS) count(records[start++]!, -1)
    if (failures >= rule.minFailures && successes <= rule.maxSuccesses) forced.push(record)
  }
  return forced
}

function describe({ address, logins, records }: BruteForce, { longSessionS }: BruteForceRule): string {
  const first = records.find(({ kind }) => kind === 'success')
  const lines = [
    `#### ${address}`,
    ...logins.flatMap(({ record, durationS }) => [
      `- Logged in as ${record.username} at ${tellTime(record.timeS)}, after many failures`,
      ...(durationS !== undefined && durationS >= longSessionS
        ? [`- That session went on for ${durationS} seconds: somebody may have used it`]
        : []),
    ]),
    `- Seen from ${tellTime(records[0]!.timeS)} to ${tellTime(records.at(-1)!.timeS)}`,
    ...(first ? [`- First log-in at ${tellTime(first.timeS)} as ${first.username}`] : []),
  ]
  const users = [...Map.groupBy(records, ({ username }) => username)]
    .map(([username, own]) => [username, new Set(own.map(({ timeS }) => timeS)).size] as const)
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, TOP_USERS)
    .map(([username, times]) => `- ${username}: ${times}`)
  return [...lines, '', '#### Top Usernames', ...users].join('\n')
}

function tellTime(timeS: number): string {
  return new Date(timeS * 1000).toISOString().replace('.000Z', 'Z')
}
