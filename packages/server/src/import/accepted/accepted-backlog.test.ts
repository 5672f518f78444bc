import { expect, it } from 'vitest'
import { AcceptedBacklog } from './accepted-backlog.ts'

/** Enters, and notes the name when it is in. */
function enterAs(
  backlog: AcceptedBacklog,
  inside: string[],
  name: string,
  sizeBytes: number,
  signal?: AbortSignal,
): Promise<() => void> {
  return backlog.enter(sizeBytes, signal).then((leave) => {
    inside.push(name)
    return leave
  })
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('lets in what there is room for, and the others in their order as soon as there is', async () => {
  const backlog = new AcceptedBacklog(10)
  const inside: string[] = []
  const first = await enterAs(backlog, inside, 'first', 6)
  const second = await enterAs(backlog, inside, 'second', 4)
  void enterAs(backlog, inside, 'large', 5)
  void enterAs(backlog, inside, 'small', 1)
  await settled()
  expect(inside).toEqual(['first', 'second'])
  second()
  await settled()
  // 6 and 5 are too many, and nobody overtakes.
  expect(inside).toEqual(['first', 'second'])
  first()
  first()
  await settled()
  expect(inside).toEqual(['first', 'second', 'large', 'small'])
})

it('lets in alone what is larger than all of it', async () => {
  const backlog = new AcceptedBacklog(10)
  const leave = await backlog.enter(1)
  const inside: string[] = []
  void enterAs(backlog, inside, 'huge', 11)
  void enterAs(backlog, inside, 'next', 1)
  await settled()
  expect(inside).toEqual([])
  leave()
  await settled()
  expect(inside).toEqual(['huge'])
})

it('keeps no place for whoever has given up', async () => {
  const backlog = new AcceptedBacklog(10)
  const leave = backlog.add(10)
  const inside: string[] = []
  const gone = new AbortController()
  const first = enterAs(backlog, inside, 'gone', 10, gone.signal)
  void enterAs(backlog, inside, 'patient', 10)
  gone.abort(new Error('hung up'))
  await expect(first).rejects.toThrow('hung up')
  leave()
  await settled()
  expect(inside).toEqual(['patient'])
})
