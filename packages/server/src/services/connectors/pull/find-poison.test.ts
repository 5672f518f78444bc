import { StoreError } from '@timeskein/store'
import { expect, it } from 'vitest'
import { invalid } from '../../../errors/domain-error.ts'
import { findPoison } from './find-poison.ts'

const items = Array.from({ length: 100 }, (_, place) => place)
const failWith =
  (bad: readonly number[], error: Error = new Error('bad')) =>
  async (some: readonly number[]): Promise<void> => {
    if (some.some((item) => bad.includes(item))) throw error
  }

it('finds each item that fails alone, by few attempts', async () => {
  let attempts = 0
  const found = await findPoison(items, async (some) => {
    attempts++
    await failWith([3, 77])(some)
  })
  expect(found!.map(({ item }) => item)).toEqual([3, 77])
  expect(attempts).toBeLessThan(40)
  expect(await findPoison(items, failWith([]))).toEqual([])
  expect((await findPoison([1, 2], failWith([1, 2])))!.map(({ item }) => item)).toEqual([1, 2])
})

it.each([
  ['nothing works', async () => Promise.reject(new Error('away'))],
  ['every one of many fails', failWith(items)],
  ['the disk is full', failWith([5], Object.assign(new Error('full'), { errno: -28 }))],
  ['the database is busy', failWith([5], Object.assign(new Error('busy'), { errcode: 5 }))],
  ['the engine of the store gave up', failWith([5], new StoreError('gave-up', 'gave up'))],
  [
    'the disk broke the engine of the store',
    failWith([5], new StoreError('gave-up', 'gave up', { cause: new Error('FATAL Error: x') })),
  ],
  ['the engine of the store has no memory', failWith([5], new Error('Out of Memory Error: failed to pin'))],
  ['the engine of the store cannot write', failWith([5], new Error('IO Error: Could not write file'))],
  ['the store refuses to work', failWith([5], invalid('closed', 'closed'))],
])('blames no item when %s', async (_what, attempt) => {
  expect(await findPoison(items, attempt)).toBe(undefined)
})

it.each([
  ['a table', Object.assign(new Error('NOT NULL'), { errcode: 1299 })],
  ['the store', new StoreError('bad-batch', 'too many rows')],
  ['its engine', new Error('Invalid Input Error: no valid text')],
  [
    'a program within its engine',
    new StoreError('gave-up', 'gave up', { cause: new Error('INTERNAL Error: x') }),
  ],
  ['a statement of its engine', new Error('Binder Error: Could not choose a best candidate function')],
  ['a function of the database', Object.assign(new Error('malformed JSON'), { errcode: 1 })],
])('blames an item that %s does not take', async (_what, error) => {
  expect(await findPoison(items, failWith([5], error))).toEqual([{ item: 5, error }])
})

it('blames no item where the engine, once it broke at one, takes nothing any more', async () => {
  let isBroken = false
  const attempt = async (some: readonly number[]): Promise<void> => {
    if (!isBroken && !some.includes(5)) return
    isBroken = some.length <= 1
    throw new Error('INTERNAL Error: Attempted to dereference unique_ptr that is NULL')
  }
  expect(await findPoison(items, attempt)).toBe(undefined)
})

it('blames no item at which the engine broke once, and not again', async () => {
  let left = 8
  const attempt = async (some: readonly number[]): Promise<void> => {
    if (some.includes(5) && left-- > 0) throw new Error('INTERNAL Error: x')
  }
  expect(await findPoison(items, attempt)).toEqual([])
})
