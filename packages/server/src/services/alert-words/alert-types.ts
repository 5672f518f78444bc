import { createHash } from 'node:crypto'

/** A type of alerts. */
export interface AlertType {
  readonly uuid: string
  readonly value: string
  readonly category: string
  readonly categoryUuid: string
}

/** What alerts are called, with ids that are the same for every community. */
const TYPES: ReadonlyMap<string, AlertType> = new Map(
  (
    [
      ['599f4b1a-dd60-43fe-8ee9-07d3c5d00ded', 'application-compromise', 'intrusions'],
      ['0b7c0b5b-da8e-4e43-a2e1-11cb5a40f168', 'exfiltration', 'information-content-security'],
      ['47e51ab7-4caa-4c4b-8442-a1caf868806d', 'c&c', 'malicious-code'],
      ['5928d144-2038-4a87-b996-b3585a9a1a41', 'backdoor', 'malicious-code'],
      ['4321cd89-89d6-4674-9e99-690ce0e61621', 'exploit', 'intrusion-attempts'],
      ['38305ebd-cec9-47ff-b38b-d20bd22eb79d', 'appscan', 'information-gathering'],
    ] as const
  ).map(([uuid, value, category]) => [uuid, makeType(uuid, value, category)]),
)

/** The type of an id; one that is not known is called `unknown`. */
export function findAlertType(uuid: string): AlertType {
  const known = TYPES.get(uuid.toLowerCase())
  return known ? { ...known, uuid } : makeType(uuid, 'unknown', 'unknown')
}

function makeType(uuid: string, value: string, category: string): AlertType {
  return { uuid, value, category, categoryUuid: makeNameUuid(`alert category ${category}`) }
}

/** The type of rules of which nobody said one. */
export const USUAL_ALERT_TYPE = '599f4b1a-dd60-43fe-8ee9-07d3c5d00ded'

/** A UUID of version 8 that is made of a name: the same for the same name. */
export function makeNameUuid(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
