/** The people, machines and moments of the example case: who did what, so that its three sources agree. */

/** The day of the intrusion begins here; every time of the case is counted from it. UTC. */
const CASE_START_MS = Date.UTC(2026, 2, 9, 6, 0, 0)
/** The case covers so many days. */
export const CASE_DAYS = 5

/** Log-on names of the company's people. */
export const USERS = ['a.larsen', 'b.okafor', 'c.duarte', 'd.ivanova', 'e.tanaka', 'f.meyer'] as const
/** The one who opened the letter. */
export const VICTIM = 'c.duarte'
/** Their machine, where the intrusion begins. */
export const VICTIM_HOST = 'WS-FIN-07'
/** Every machine that writes events, without the domain. */
export const HOSTS = [
  'WS-FIN-07',
  'WS-FIN-02',
  'WS-HR-01',
  'WS-ENG-04',
  'SRV-FILES',
  'SRV-WEB',
  'DC01',
] as const

/** Where the letter leads; a name that can never be registered. */
export const LURE_DOMAIN = 'invoice-portal.example'
/** What is fetched there: a disk image with the implant in it. */
export const LURE_FILE = 'Invoice_2026-0309.iso'
/** Where the implant calls home; from the block reserved for documentation (RFC 5737). */
export const ATTACKER_ADDRESS = '203.0.113.66'

/** Moments of the intrusion, in minutes after `CASE_START_MS`. */
export interface Intrusion {
  readonly lureOpened: number
  readonly implantRan: number
  readonly webshellUploaded: number
  readonly webshellUsed: number
  readonly credentialsDumped: number
  readonly movedToFiles: number
  readonly archiveMade: number
  readonly exfiltrated: number
  readonly logCleared: number
}

/** What the intruder did, in order: minutes after `CASE_START_MS` on the second day. */
export const INTRUSION: Intrusion = {
  lureOpened: minuteOfDay2(9, 41),
  implantRan: minuteOfDay2(9, 44),
  webshellUploaded: minuteOfDay2(11, 2),
  webshellUsed: minuteOfDay2(11, 6),
  credentialsDumped: minuteOfDay2(13, 27),
  movedToFiles: minuteOfDay2(14, 12),
  archiveMade: minuteOfDay2(16, 50),
  exfiltrated: minuteOfDay2(17, 5),
  logCleared: minuteOfDay2(17, 31),
}

/** Milliseconds since 1970 of a minute of the case. */
export function caseMinuteToMs(minute: number): number {
  return CASE_START_MS + Math.round(minute * 60_000)
}

function minuteOfDay2(hour: number, minute: number): number {
  return (24 - 6 + hour) * 60 + minute
}
