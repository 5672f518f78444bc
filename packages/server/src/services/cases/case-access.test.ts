import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'

let place: TemporarySystem
let folder: string
let ana: Principal
let bob: Principal
beforeAll(async () => {
  place = await openTemporarySystem()
  folder = await mkdtemp(join(tmpdir(), 'skein-cases-'))
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** An alert of a new sketch of ana's. */
async function makeAlert(id: string): Promise<{ readonly sketchId: number; readonly alert: string }> {
  const { sketches, imports, alerts } = place.system.services
  const { id: sketchId } = await sketches.create(ana, { name: id })
  const path = join(folder, `${id}.jsonl`)
  const detection = { detectionId: id, incidentId: 'i', deviceId: 'd', name: id, severity: 'medium' }
  await writeFile(path, JSON.stringify({ ...detection, createdTimestamp: '2024-05-06T11:41:40.000Z' }))
  const { ended } = await imports.start(ana, { sketchId, timeline: { name: id }, inputs: [{ path }] })
  expect(await ended).toMatchObject({ status: 'done' })
  return { sketchId, alert: (await alerts.list(ana, { sketchId })).items[0]!.uid }
}

test('a case is there for who may read the sketches of all its alerts, and changed by who may write to them', async () => {
  const { cases, access, alerts, alertContext } = place.system.services
  const [one, two] = [await makeAlert('one'), await makeAlert('two')]
  const { uid } = await cases.create(ana, { title: 'what nobody else is to know', tags: ['secret'] })
  const refused = { code: 'case-not-found' }
  const isHidden = async (): Promise<void> => {
    expect(await cases.list(bob)).toEqual([])
    for (const call of [
      cases.get(bob, uid),
      cases.update(bob, uid, { title: 'mine' }),
      cases.delete(bob, uid),
      cases.addAlerts(bob, uid, []),
      cases.addEvents(bob, uid, ['e']),
      cases.removeEvent(bob, uid, 'e'),
      cases.listComments(bob, uid),
      cases.comment(bob, uid, 'hello'),
    ])
      await expect(call).rejects.toMatchObject(refused)
  }
  await isHidden()
  await cases.addAlerts(ana, uid, [one.alert, two.alert])
  await isHidden()
  const grant = (sketchId: number, permissions: ('read' | 'write')[]): Promise<unknown> =>
    access.changeSketchGrants(ana, sketchId, { grantUsers: ['bob'], permissions })
  await grant(one.sketchId, ['read', 'write'])
  await isHidden()
  const shown = await alerts.get(bob, one.alert)
  expect((await alertContext.describe(bob, [shown])).get(shown.id)!.cases).toEqual([])
  await grant(two.sketchId, ['read'])
  expect((await cases.list(bob)).map(({ title }) => title)).toEqual(['what nobody else is to know'])
  expect((await alertContext.describe(bob, [shown])).get(shown.id)!.cases).toMatchObject([{ uid }])
  await expect(cases.comment(bob, uid, 'hello')).rejects.toMatchObject({ kind: 'forbidden' })
  await grant(two.sketchId, ['read', 'write'])
  await cases.comment(bob, uid, 'hello')
  expect((await cases.listComments(ana, uid)).map(({ text }) => text)).toEqual(['hello'])
})

test('alerts are put into a case by who may write to their sketch', async () => {
  const { cases, access } = place.system.services
  const { sketchId, alert } = await makeAlert('three')
  await access.changeSketchGrants(ana, sketchId, { grantUsers: ['bob'], permissions: ['read'] })
  const { uid } = await cases.create(bob, { title: 'of bob' })
  await expect(cases.addAlerts(bob, uid, [alert])).rejects.toMatchObject({ kind: 'forbidden' })
  expect((await cases.get(bob, uid)).alerts).toEqual([])
})
