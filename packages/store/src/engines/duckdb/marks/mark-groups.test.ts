import { beforeEach, expect, it } from 'vitest'
import { MarkGroups } from './mark-groups.ts'
import type { NewMark } from './write-marks.ts'

let written: string[][]
let ends: PromiseWithResolvers<void>[]
let groups: MarkGroups
beforeEach(() => {
  written = []
  ends = []
  groups = new MarkGroups((marks) => {
    written.push(marks.map(({ operationId }) => operationId))
    const end = Promise.withResolvers<void>()
    ends.push(end)
    return end.promise
  })
})

function mark(operationId: string, sizeBytes = 0): NewMark {
  const rest = { kind: 'tag', value: 'x', json: null, sketchId: 1, userId: 1, atUs: 0n } as const
  return { operationId, ...rest, seqs: new Uint8Array(sizeBytes) }
}

/** Lets everything that can go on go on. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

it('writes what comes while others are written together, in the order it came, and tells each when its own is written', async () => {
  const told: string[] = []
  for (const name of ['a', 'b', 'c'])
    void groups.add([mark(name), mark(`${name}2`)]).then(() => told.push(name))
  await settle()
  expect([written, told]).toEqual([[['a', 'a2']], []])
  ends[0]!.resolve()
  await settle()
  expect([written[1], told]).toEqual([['b', 'b2', 'c', 'c2'], ['a']])
  ends[1]!.resolve()
  await settle()
  expect(told).toEqual(['a', 'b', 'c'])
})

it('writes those of a group that failed one by one, tells only who is at fault, and goes on with those behind', async () => {
  const outcomes = Promise.allSettled(['a', 'b', 'c'].map((name) => groups.add([mark(name)])))
  ends[0]!.resolve()
  await settle()
  const later = groups.add([mark('d')])
  ends[1]!.reject(new Error('the group failed'))
  await settle()
  ends[2]!.reject(new Error('b is at fault'))
  await settle()
  ends[3]!.resolve()
  await settle()
  ends[4]!.resolve()
  await later
  expect(await outcomes).toEqual([
    { status: 'fulfilled', value: undefined },
    { status: 'rejected', reason: new Error('b is at fault') },
    { status: 'fulfilled', value: undefined },
  ])
  expect(written).toEqual([['a'], ['b', 'c'], ['b'], ['c'], ['d']])
})

it('does not let what is large make others wait for more than itself', async () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => groups.add([mark(name, 5 * 1024 * 1024)]))
  for (let at = 0; at < 4; at++) {
    await settle()
    ends[at]!.resolve()
  }
  await Promise.all(all)
  expect(written).toEqual([['a'], ['b'], ['c'], ['d']])
})
