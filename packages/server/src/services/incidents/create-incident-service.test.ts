import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { noteFindingChanges } from '../findings/finding-notes.ts'

vi.mock('../findings/finding-notes.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../findings/finding-notes.ts')>()
  return { ...original, noteFindingChanges: vi.fn(original.noteFindingChanges) }
})

let place: TemporarySystem
beforeEach(async () => {
  place = await openTemporarySystem()
})
afterEach(async () => {
  vi.resetAllMocks()
  await place[Symbol.asyncDispose]()
})

const INCIDENT = {
  incidentId: 'i1',
  incidentPublicId: '3599-4F99',
  name: 'Credential theft',
  status: 'new',
  riskLevel: 'high',
  createdTimestamp: '2024-05-06T11:41:46.716Z',
}
const DETECTIONS = ['t1', 't2'].map((detectionId) => ({
  detectionId,
  incidentId: 'i1',
  deviceId: 'd1',
  name: 'odd logon',
  severity: 'medium',
  createdTimestamp: '2024-05-06T11:41:40.000Z',
}))

/** Imports an incident with two alerts. @returns Its id. */
async function importIncident(): Promise<string> {
  const { sketches, imports, incidents } = place.system.services
  const { id: sketchId } = await sketches.create(place.admin, { name: 'one' })
  const path = join(place.directory, 'items.jsonl')
  await writeFile(path, [INCIDENT, ...DETECTIONS].map((item) => JSON.stringify(item)).join('\n'))
  const timeline = { name: 'elements' }
  await (await imports.start(place.admin, { sketchId, timeline, inputs: [{ path }] })).ended
  return (await incidents.list(place.admin, { sketchId })).items[0]!.uid
}

async function readStatuses(uid: string): Promise<readonly string[]> {
  const { status, alerts } = await place.system.services.incidents.get(place.admin, uid)
  return [status, ...alerts.map((alert) => alert.status)]
}

test('an incident ends with all its alerts, or with none where one of them cannot be written', async () => {
  const { incidents } = place.system.services
  const uid = await importIncident()
  const original = vi.mocked(noteFindingChanges).getMockImplementation()!
  vi.mocked(noteFindingChanges)
    .mockImplementationOnce(original)
    .mockImplementationOnce(original)
    .mockRejectedValueOnce(new Error('the disk is full'))
  const closing = { status: 'closed', reason: 'a drill' } as const
  await expect(incidents.decide(place.admin, uid, closing)).rejects.toThrow('the disk is full')
  expect(await readStatuses(uid)).toEqual(['open', 'open', 'open'])
  expect(await incidents.listChanges(place.admin, uid)).not.toContainEqual(
    expect.objectContaining({ action: 'status' }),
  )
  await incidents.decide(place.admin, uid, closing)
  expect(await readStatuses(uid)).toEqual(['closed', 'closed', 'closed'])
})
