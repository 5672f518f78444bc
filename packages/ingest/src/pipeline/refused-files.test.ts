import { expect, it } from 'vitest'
import { Belongings } from './belongings.ts'
import type { RefusedItem } from './read-item.ts'
import { RefusedFiles } from './refused-files.ts'

function refuse(isBegun: boolean): { told: RefusedItem[]; waiting: RefusedItem[] } {
  const belongings = new Belongings()
  for (const name of ['History', 'History-wal']) belongings.note({ name })
  const refused = new RefusedFiles(belongings)
  const path = 'case.zip!History-wal'
  const item = { kind: 'refused', path, reason: 'it is odd', refusal: 'not-understood', isBegun } as const
  const told = [...refused.tell('History-wal', item, true)]
  belongings.noteRead('History', 'sqlite/chrome')
  return { told, waiting: [...refused.tellWaiting()] }
}

it('has a file wait that may belong to another', () => {
  const { told, waiting } = refuse(false)
  expect([told.length, waiting.length]).toEqual([0, 1])
})

it('tells at once of a file of which rows are in, which others wait for', () => {
  const { told, waiting } = refuse(true)
  expect(told).toMatchObject([{ reason: 'it is odd', isBegun: true }])
  expect(waiting).toEqual([])
})
