import { expect, test } from 'vitest'
import { type GroupedAlert, groupAlerts, INCIDENT_GAP_US, scoreRisk } from './group-alerts.ts'

const MINUTE = 60_000_000

function alert(id: number, minutes: number, changes: Partial<GroupedAlert> = {}): GroupedAlert {
  const firstUs = minutes * MINUTE
  return { id, firstUs, lastUs: firstUs, severity: 50, rule: `rule ${id}`, tags: [], ...changes }
}

function ids(alerts: readonly GroupedAlert[]): readonly (readonly number[])[] {
  return groupAlerts(alerts).map((group) => group.alerts.map(({ id }) => id))
}

test('alerts of two rules near in time are one incident, those further apart another', () => {
  expect(ids([alert(2, 30), alert(1, 0), alert(3, 400), alert(4, 420)])).toEqual([
    [1, 2],
    [3, 4],
  ])
})

test('the gap counts from the latest end of what was before, and belongs to it', () => {
  const gap = INCIDENT_GAP_US / MINUTE
  const long = alert(1, 0, { lastUs: 300 * MINUTE })
  expect(ids([long, alert(2, 10), alert(3, 300 + gap)])).toEqual([[1, 2, 3]])
  expect(ids([long, alert(2, 10), alert(3, 301 + gap)])).toEqual([[1, 2]])
})

test('one rule alone makes no incident, unless it is as grave as can be', () => {
  expect(ids([alert(1, 0, { rule: 'r' }), alert(2, 5, { rule: 'r' })])).toEqual([])
  expect(ids([alert(1, 0, { severity: 90 })])).toEqual([[1]])
})

test('lesser alerts make none and join none together, but belong to what is around them', () => {
  const low = { severity: 30 }
  expect(ids([alert(1, 0, low), alert(2, 5, low)])).toEqual([])
  expect(ids([alert(1, 0), alert(2, 150, low), alert(3, 300)])).toEqual([])
  expect(ids([alert(1, 0), alert(2, 5), alert(3, 60, low), alert(4, 400, low)])).toEqual([[1, 2, 3]])
})

test('risk is the highest severity, and more for each further rule and tactic', () => {
  expect(scoreRisk([])).toBe(0)
  const execution = alert(1, 0, { severity: 70, tags: ['attack.execution', 'attack.t1059'] })
  expect(scoreRisk([execution])).toBe(70)
  const moves = alert(2, 1, { tags: ['attack.lateral-movement', 'attack.g0001', 'cve.2021-1'] })
  expect(scoreRisk([execution, moves])).toBe(78)
  expect(scoreRisk([execution, alert(3, 1, { severity: 10, tags: ['attack.impact'] })])).toBe(70)
  expect(scoreRisk(Array.from({ length: 40 }, (_, id) => alert(id, 0, { severity: 90 })))).toBe(100)
})
