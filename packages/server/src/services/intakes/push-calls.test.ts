import { expect, test } from 'vitest'
import { openTemporarySystem } from '../../testing/temporary-system.ts'

const RULE = `title: A line
level: low
logsource: { product: windows }
detection: { s: { EventID: 1 }, condition: s }
`

test('events that are stored are answered for, told of and looked at, whatever fails behind them', {
  timeout: 60_000,
}, async () => {
  await using place = await openTemporarySystem()
  const { admin, system } = place
  const { intakes, sketches, timelines, changes, explore, detections, rules } = system.services
  await rules.add(admin, [{ file: 'rule.yml', text: RULE }])
  const [format] = await intakes.listFormats(admin)
  const made = await Array.fromAsync(['one', 'other'], async (name) => {
    const { id: sketchId } = await sketches.create(admin, { name })
    return await intakes.create(admin, { name, sketchId, formatUid: format!.uid })
  })
  const sketchIds = made.map(({ sketchId }) => sketchId)
  const push = (event: string): Promise<unknown> =>
    intakes.pushAll(made.map(({ key }) => ({ key, events: [{ event }] })))
  const answers = [[expect.any(String)], [expect.any(String)]]
  const { publish } = changes
  const told: number[] = []
  changes.publish = (change) => {
    if (change.kind === 'events') told.push(change.sketchId)
    publish(change)
  }

  const { setStatus } = timelines
  timelines.setStatus = () => Promise.reject(new Error('refused'))
  expect(await push('first')).toEqual(answers)
  expect(told).toEqual(sketchIds)
  timelines.setStatus = setStatus
  expect(await push('second')).toEqual(answers)
  for (const sketchId of sketchIds) await detections.waitForLive(admin, sketchId)

  changes.publish = () => {
    throw new Error('the disk is full')
  }
  expect(await push('third')).toEqual(answers)
  for (const sketchId of sketchIds) {
    await detections.waitForLive(admin, sketchId)
    const looks = await detections.listRuns(admin, sketchId)
    expect(looks.reduce((sum, { report }) => sum + report.events, 0)).toBe(3)
    expect(await explore.count(admin, { sketchId, query: { kind: 'all' } })).toBe(3)
  }
})
