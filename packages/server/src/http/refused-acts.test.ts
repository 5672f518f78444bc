import { expect, test } from 'vitest'
import type { Principal } from '../auth/principal.ts'
import { DomainError, forbidden } from '../errors/domain-error.ts'
import type { Act, Actor, AuditService } from '../services/audit/audit-service.ts'
import type { AppContext, PublicCall, RouteDeclaration } from './app-types.ts'
import { RefusedActs } from './refused-acts.ts'

const ROUTE: RouteDeclaration = {
  dialect: 'sample',
  method: 'POST',
  path: '/sketches/:sketchId',
  permission: 'sketch:write',
  keyScope: 'write',
  csrf: false,
}
const NO_WRITE = forbidden('no-write-permission', 'You may not write.')
const BAD_KEY = new DomainError('unauthenticated', 'bad-api-key', 'The key is unknown.')

function open() {
  const entered: { who: Actor; act: Act }[] = []
  const clock = { ms: 0 }
  const audit = { note: async (who: Actor, act: Act) => void entered.push({ who, act }) }
  const acts = new RefusedActs(audit as unknown as AuditService, () => clock.ms)
  const refuse = async (
    error: unknown,
    who: {
      userId?: number
      address?: string
      authorization?: string
      sketchId?: string
      route?: Partial<RouteDeclaration>
    } = {},
  ): Promise<void> => {
    const { userId, address = '10.0.0.1', authorization, sketchId = '7', route } = who
    // What is read of a context and a call.
    const c = { req: { param: () => sketchId, header: () => authorization } } as unknown as AppContext
    const principal = userId === undefined ? undefined : ({ userId, via: 'session' } as Principal)
    const call = { principal, address, requestId: 'r' } as unknown as PublicCall
    await acts.note(error, c, { ...ROUTE, ...route }, call)
  }
  return { entered, clock, refuse }
}

test('a refused act of somebody known is entered, with what was tried', async () => {
  const { entered, refuse } = open()
  await refuse(NO_WRITE, { userId: 3 })
  expect(entered).toEqual([
    {
      who: { userId: 3, via: 'session' },
      act: {
        action: 'access.refuse',
        subject: 'sketch/7',
        sketchId: 7,
        result: 'refused',
        details: {
          method: 'POST',
          path: '/sketches/:sketchId',
          dialect: 'sample',
          code: 'no-write-permission',
          message: 'You may not write.',
        },
      },
    },
  ])
})

test('a key that is not good is entered with its address; a visitor without one is not', async () => {
  const { entered, refuse } = open()
  await refuse(BAD_KEY, { authorization: 'Bearer sk_x' })
  await refuse(new DomainError('unauthenticated', 'not-logged-in', 'Log in.'))
  await refuse(BAD_KEY, { authorization: 'Basic eA==', route: { permission: 'public', path: '/token' } })
  expect(entered.map(({ who, act }) => [who, act.action])).toEqual([
    [{ username: '', address: '10.0.0.1', requestId: 'r' }, 'access.unknown'],
  ])
})

test('other errors are no refusals', async () => {
  const { entered, refuse } = open()
  await refuse(new Error('a fault'), { userId: 3 })
  await refuse(new DomainError('not-found', 'sketch-not-found', 'There is none.'), { userId: 3 })
  expect(entered).toEqual([])
})

test('the same again within ten minutes is counted, and told with the next entry of theirs', async () => {
  const { entered, clock, refuse } = open()
  for (let n = 0; n < 5; n++) await refuse(NO_WRITE, { userId: 3 })
  await refuse(NO_WRITE, { userId: 4 })
  await refuse(NO_WRITE, { userId: 3, route: { path: '/other' } })
  clock.ms = 10 * 60_000
  await refuse(NO_WRITE, { userId: 3 })
  expect(entered.map(({ who, act }) => [(who as Principal).userId, act.details?.['notEntered']])).toEqual([
    [3, undefined],
    [4, undefined],
    [3, 4],
    [3, undefined],
  ])
})

test('the same act on another sketch is another entry', async () => {
  const { entered, refuse } = open()
  for (const sketchId of ['7', '8', '7']) await refuse(NO_WRITE, { userId: 3, sketchId })
  expect(entered.map(({ act }) => act.subject)).toEqual(['sketch/7', 'sketch/8'])
})

test('a flood from any number of addresses is a thousand entries in ten minutes', async () => {
  const { entered, clock, refuse } = open()
  for (let n = 0; n < 1500; n++)
    await refuse(BAD_KEY, { authorization: 'Bearer sk_x', address: `2001:db8::${n}` })
  expect(entered.length).toBe(1000)
  clock.ms = 10 * 60_000
  await refuse(BAD_KEY, { authorization: 'Bearer sk_x' })
  expect(entered.at(-1)?.act.details?.['notEntered']).toBe(500)
})

test('whoever floods the log with refusals hides nobody else’s, known or not', async () => {
  const { entered, clock, refuse } = open()
  for (let n = 0; n < 1500; n++)
    await refuse(BAD_KEY, { authorization: 'Bearer sk_x', address: `2001:db8::${n}` })
  for (let n = 0; n < 150; n++) await refuse(NO_WRITE, { userId: 3, route: { path: `/${n}` } })
  await refuse(NO_WRITE, { userId: 4 })
  const of = (userId: number | undefined): number =>
    entered.filter(({ who }) => (who as Principal).userId === userId).length
  expect([of(undefined), of(3), of(4)]).toEqual([1000, 100, 1])
  // What was not entered is told also when some time has gone by without anything.
  for (const minutes of [10, 20]) {
    clock.ms = minutes * 60_000
    await refuse(NO_WRITE, { userId: 4 })
  }
  await refuse(NO_WRITE, { userId: 3 })
  expect(entered.at(-1)?.act.details?.['notEntered']).toBe(50)
})
