import type { SekoiaKillChain } from '@timeskein/model/sekoia'
import { makeNameUuid } from '../../../services/alert-words/alert-types.ts'
import { makeShortId, readUidOrShortId } from '../../../services/short-id.ts'

/** The seven phases of Lockheed Martin's Cyber Kill Chain, with what happens in each. */
const PHASES: readonly (readonly [name: string, description: string])[] = [
  ['Reconnaissance', 'Targets are chosen and looked at from outside.'],
  ['Weaponization', 'Something harmful is made ready for them.'],
  ['Delivery', 'It is brought to the target: by mail, a web page, a device.'],
  ['Exploitation', 'A weakness is used so that it runs.'],
  ['Installation', 'It settles, to be there after a restart.'],
  ['Command and Control', 'It takes orders from outside.'],
  ['Actions on Objectives', 'What the attack was for is done: data taken, changed or destroyed.'],
]

/** Phases of an attack, by ids that are made of their names. */
export const KILL_CHAINS: readonly SekoiaKillChain[] = PHASES.map(([name, description], place) => {
  const uuid = makeNameUuid(`kill chain ${name}`)
  return {
    order_id: place + 1,
    uuid,
    short_id: makeShortId('KC', uuid.replaceAll('-', '')),
    name,
    description,
    stix_name: name.toLowerCase().replaceAll(' ', '-'),
  }
})

/** The phase of a UUID or short id; undefined where it is none of ours. @throws {DomainError} `invalid` (`bad-id`). */
export function findKillChain(id: string): SekoiaKillChain | undefined {
  const digits = readUidOrShortId('KC', id)
  return KILL_CHAINS.find(({ uuid }) => uuid.replaceAll('-', '').startsWith(digits))
}
