import type { ReadEvent } from '../../event-source.ts'
import type { Analyzer, NewMarks } from '../analyzer.ts'
import { luceneQuery } from '../lucene-query.ts'
import { readEventText } from '../windows/event-data.ts'
import { readEventId } from '../windows/event-id.ts'

/** Types of logon (Microsoft, audit event 4624, 2021-09-07), in Timesketch's words. */
const LOGON_TYPES: ReadonlyMap<string, string> = new Map([
  ['0', 'Unknown'],
  ['2', 'Interactive'],
  ['3', 'Network'],
  ['4', 'Batch'],
  ['5', 'Service'],
  ['7', 'Unlock'],
  ['8', 'NetworkCleartext'],
  ['9', 'NewCredentials'],
  ['10', 'RemoteInteractive'],
  ['11', 'CachedInteractive'],
])
const UNKNOWN_TYPE = 'Unknown'

/** Strings that Plaso's events of logging on have at least, and those of logging off exactly. */
const LOGON_STRINGS = 20
const LOGOFF_STRINGS = 5

/**
 * Tells who logged on to Windows and off, from where and how. Fields and tags as Timesketch 20261014 (lib/analyzers/login.py), but for
 * `hostname`, which Timesketch overwrites with `N/A` where Plaso has not parsed the strings.
 */
export const login: Analyzer = {
  name: 'login',
  displayName: 'Windows logon/logoff events',
  description: 'Names the account, the place and the kind of Windows logons and logoffs',
  dependencies: [],
  async run(run) {
    let logons = 0
    let logoffs = 0
    const query = luceneQuery('data_type:"windows:evtx:record" AND event_identifier:(4624 OR 4634 OR 4647)')
    for await (const page of run.events.read(query))
      for (const event of page) {
        const isLogon = readEventId(event) === 4624
        const attributes = isLogon ? readLogon(event) : readLogoff(event)
        if (!attributes) continue
        if (isLogon) logons += 1
        else logoffs += 1
        const isUnlock = attributes['logon_type'] === LOGON_TYPES.get('7')
        await run.mark(event, {
          tags: [isLogon ? 'logon-event' : 'logoff-event'],
          emojis: [isLogon ? 'UNLOCK' : 'LOCK', ...(isUnlock ? (['SCREEN'] as const) : [])],
          attributes,
        })
      }
    return `Total number of login events processed: ${logons} and logoff events: ${logoffs}`
  },
}

type Attributes = NonNullable<NewMarks['attributes']>

function readLogon(event: ReadEvent): Attributes | undefined {
  const strings = event.get('strings')
  if (Array.isArray(strings) && strings.length < LOGON_STRINGS) return undefined
  const type = readEventText(event, 8, 'LogonType')
  const user = readEventText(event, 5, 'TargetUserName')
  if (type === undefined && user === undefined) return undefined
  const parsed = event.get('strings_parsed')
  const own = parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {}
  const workstation = readEventText(event, 11, 'WorkstationName')
  const address = readEventText(event, 18, 'IpAddress')
  return present({
    logon_type: nameType(type),
    windows_domain: readEventText(event, 2, 'SubjectDomainName'),
    username: own['target_user_name'] ?? user,
    user_id: own['target_user_id'] ?? readEventText(event, 4, 'TargetUserSid'),
    logon_process: readEventText(event, 9, 'LogonProcessName'),
    workstation: workstation === '-' ? 'localhost' : workstation,
    source_address: address === '-' ? undefined : address,
    hostname: own['target_machine_name'],
    session_id: readEventText(event, 3, 'SubjectLogonId'),
    source_username: own['source_user_name'] ?? readEventText(event, 1, 'SubjectUserName'),
  })
}

function readLogoff(event: ReadEvent): Attributes | undefined {
  const strings = event.get('strings')
  if (Array.isArray(strings) && strings.length !== LOGOFF_STRINGS) return undefined
  const username = readEventText(event, 1, 'TargetUserName')
  if (username === undefined) return undefined
  return present({
    username,
    logon_domain: readEventText(event, 2, 'TargetDomainName'),
    session_id: readEventText(event, 3, 'TargetLogonId'),
    logon_type: nameType(readEventText(event, 4, 'LogonType')),
  })
}

function nameType(code: string | undefined): string {
  return LOGON_TYPES.get(code ?? '') ?? UNKNOWN_TYPE
}

function present(attributes: Readonly<Record<string, unknown>>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  )
}
