import type { DetectRule, RuleHits } from '@timeskein/analyze'
import { expect, it } from 'vitest'
import { MAX_EVIDENCE } from '../alerts/alert-service.ts'
import { HitCollector, MAX_ALERTS_PER_RULE } from './hit-collector.ts'

const INDEX = 'a'.repeat(32)
const RULE: DetectRule = {
  key: 'everything',
  kind: 'rule',
  id: 'everything',
  title: 'Everything',
  description: undefined,
  level: 'low',
  status: undefined,
  tags: ['attack.t1059', 'cve.2021-44228'],
  file: 'a.yml',
  line: 1,
}

/** Hits on so many hosts, one event of each in each round. */
function hitsOn(hostCount: number, rounds: number): RuleHits {
  const count = hostCount * rounds
  return {
    kind: 'rule',
    rule: RULE,
    index: INDEX,
    seqs: Uint32Array.from({ length: count }, (_, n) => n),
    timesUs: BigInt64Array.from({ length: count }, (_, n) => BigInt(n)),
    timelineIds: new Uint32Array(count).fill(7),
    columns: {
      host: {
        values: Array.from({ length: hostCount }, (_, n) => `Host-${n}`),
        ids: Int32Array.from({ length: count }, (_, n) => n % hostCount),
      },
    },
  }
}

it('makes at most so many alerts of a rule, and counts all further hits in one more', () => {
  const collector = new HitCollector(1)
  const further = 500
  collector.add(hitsOn(MAX_ALERTS_PER_RULE + further, 3))
  const alerts = collector.listAlerts()
  expect(alerts).toHaveLength(MAX_ALERTS_PER_RULE + 1)
  const countOf = ({ spans }: (typeof alerts)[number]): number => spans.get(7)?.count ?? 0
  const [rest, ...others] = alerts.filter(({ host }) => host === undefined)
  expect(others).toEqual([])
  expect(countOf(rest!)).toBe(further * 3)
  expect(rest!.evidence).toHaveLength(MAX_EVIDENCE)
  expect(alerts.reduce((sum, alert) => sum + countOf(alert), 0)).toBe((MAX_ALERTS_PER_RULE + further) * 3)
})

it('counts the same when hits come in pieces', () => {
  const whole = new HitCollector(1)
  const hits = hitsOn(MAX_ALERTS_PER_RULE + 10, 2)
  whole.add(hits)
  const parted = new HitCollector(1)
  for (const [start, end] of [
    [0, 700],
    [700, hits.seqs.length],
  ] as const) {
    const { host } = hits.columns
    parted.add({
      ...hits,
      seqs: hits.seqs.subarray(start, end),
      timesUs: hits.timesUs.subarray(start, end),
      timelineIds: hits.timelineIds.subarray(start, end),
      columns: { host: { values: host!.values, ids: host!.ids.subarray(start, end) } },
    })
  }
  expect(parted.listAlerts()).toEqual(whole.listAlerts())
  expect(parted.listTags()).toEqual(whole.listTags())
  expect([...whole.listTags().keys()]).toEqual(['Everything', 'low', 'attack.t1059'])
})
