import { expect, test } from 'vitest'
import { joinRows } from './join-rows.ts'
import { RowWork } from './row-work.ts'

const join = {
  kind: 'join',
  how: 'inner',
  on: [
    { left: 'a', right: 'a' },
    { left: 'b', right: 'b' },
    { left: 'c', right: 'c' },
  ],
  model: 'other',
  hasRightKeys: true,
  right: { kind: 'table', name: 'cases' },
} as const

test('what a run holds is limited by its bytes, whatever it is', () => {
  const work = new RowWork(undefined, 1024 * 1024)
  for (let row = 0; row < 100; row++) work.holdRead({ n: row, text: 'x'.repeat(1000) })
  expect(() => work.holdRead({ deep: { list: ['y'.repeat(1024 * 1024)] } })).toThrow(
    'the rows of a run may hold about 1 MiB',
  )
})

test('lists in key columns stand for a limited number of keys', async () => {
  const list = Array.from({ length: 1000 }, (_, number) => number)
  const joined = joinRows([{ a: list, b: list, c: list }], [{ a: 1, b: 2, c: 3 }], join, new RowWork())
  await expect(joined).rejects.toThrow('stand for at most 10000 keys')
  const few = list.slice(0, 10)
  expect(
    await joinRows([{ a: few, b: few, c: few }], [{ a: 1, b: 2, c: 3 }], join, new RowWork()),
  ).toHaveLength(1)
})

test('others have their turn during long work, which ends when it is told to', async () => {
  const abort = new AbortController()
  const rows = Array.from({ length: 200_000 }, (_, n) => ({ n }))
  setImmediate(() => abort.abort(new Error('enough')))
  const busy = new RowWork(abort.signal).filter(rows, () => JSON.stringify(rows.slice(0, 20)).length > 0)
  await expect(busy).rejects.toThrow('enough')
})
