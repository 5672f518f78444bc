import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { invalid } from '../../../errors/domain-error.ts'

/** Longest anchor that Elements' clients take. */
const MAX_LENGTH = 512
/** Of what an anchor unpacks to. */
const MAX_STATE_BYTES = 16_384
/** What states are made of, so that they pack well. Never to be changed: anchors may be kept. */
const DICTIONARY = Buffer.from(
  '"persistenceTimestampStart":"20,"persistenceTimestampEnd":"20,"createdTimestampStart":"20,"createdTimestampEnd":"20,"updatedTimestampStart":"20,"updatedTimestampEnd":"20,"serverTimestampStart":"20,"exclusiveStart":"true","order":"asc","order":"desc","limit":"200","limit":"100","limit":"50","limit":"10","organizationId":","engineGroup":["epp","edr","ecp"],"engine":["deepGuard","firewall","realtimeScanning","manualScanning","fileScanning","browsingProtection","reputationBasedBrowsing","webContentControl","webTrafficScanning","connectionControl","applicationControl","integrityChecker","tamperProtection","systemEventsLog","deviceControl","dataGuard","xFence","amsi","activityMonitor"],"severity":["critical","warning","info"],"acknowledged":"false","targetId":","protectionStatusOverview":"critical","type":"computer","online":"true","archived":"False","status":["new","acknowledged","inProgress"],"riskLevel":["high","severe"],"incidentId":"',
)

/** Where a list goes on: what was asked, and the place. */
export interface AnchorState {
  /** Parameters as they were sent. */
  readonly values: Readonly<Record<string, unknown>>
  readonly after: string
}

/** @param list - What is listed: an anchor is good for its own list only. @throws {DomainError} `invalid` (`too-many-values`). */
export function makeAnchor(list: string, { values, after }: AnchorState): string {
  const json = JSON.stringify([1, list, values, after])
  const anchor = deflateRawSync(json, { level: 9, dictionary: DICTIONARY }).toString('base64url')
  if (anchor.length > MAX_LENGTH)
    throw invalid(
      'too-many-values',
      `There is more than one page of what was asked for, and what was asked is too long to go on from: ask for fewer values at once (${json.length} characters found).`,
    )
  return anchor
}

/** @throws {DomainError} `invalid` (`bad-anchor`). */
export function readAnchor(list: string, anchor: string): AnchorState {
  const [version, of, values, after] = unpack(anchor)
  if (
    version !== 1 ||
    of !== list ||
    typeof after !== 'string' ||
    typeof values !== 'object' ||
    values === null
  )
    throw badAnchor(anchor, typeof of === 'string' ? of : undefined)
  return { values: values as Record<string, unknown>, after }
}

function unpack(anchor: string): readonly unknown[] {
  if (anchor.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+$/.test(anchor)) throw badAnchor(anchor)
  try {
    const bytes = inflateRawSync(Buffer.from(anchor, 'base64url'), {
      dictionary: DICTIONARY,
      maxOutputLength: MAX_STATE_BYTES,
    })
    const state: unknown = JSON.parse(bytes.toString('utf8'))
    if (Array.isArray(state)) return state
  } catch {
    // Whatever is wrong with it, it is none of ours.
  }
  throw badAnchor(anchor)
}

function badAnchor(anchor: string, of?: string): Error {
  const found = of === undefined ? JSON.stringify(anchor.slice(0, 64)) : `one of ${of.slice(0, 64)}`
  return invalid('bad-anchor', `anchor: the nextAnchor of a page of this list was expected, found ${found}.`)
}
