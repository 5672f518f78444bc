import { expect, test } from 'vitest'
import { createLogger } from '../../log.ts'
import type { ServiceContext } from '../service-context.ts'
import { Turns } from '../turns.ts'
import type { LibraryRules } from './library-rules.ts'
import { LiveDetection, nameDetectionTurn } from './live-detection.ts'

test('the deadline of a stop holds also for a look that waits for its turn', async () => {
  const turns = new Turns()
  const held = Promise.withResolvers<void>()
  const holder = turns.take(nameDetectionTurn(1), () => held.promise)
  // What a look needs before its turn has come.
  const context = {
    turns,
    untilImportsRest: async () => {},
    log: createLogger({ level: 'silent' }),
  } as Partial<ServiceContext> as ServiceContext
  const live = new LiveDetection(context, () => Promise.reject(new Error('never run')), {} as LibraryRules)
  const look = { userId: 1 } as Parameters<LiveDetection['start']>[0]
  live.start(look, 1)
  await live.stop(0)
  held.resolve()
  await holder
  expect(await live.wait(1)).toBeUndefined()
})

test('a look waits until imports rest, unless somebody waits for it', async () => {
  const hurries: AbortSignal[] = []
  const context = {
    turns: new Turns(),
    log: createLogger({ level: 'silent' }),
    untilImportsRest: async (signal: AbortSignal) => {
      hurries.push(signal)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  } as Partial<ServiceContext> as ServiceContext
  const live = new LiveDetection(context, () => Promise.reject(new Error('never run')), {} as LibraryRules)
  const look = { userId: 1 } as Parameters<LiveDetection['start']>[0]
  live.start(look, 1)
  live.start(look, 1)
  live.start(look, 2)
  expect(hurries).toHaveLength(2)
  await live.wait(1)
  expect(hurries.map(({ aborted }) => aborted)).toEqual([true, false])
  await live.stop(0)
  expect(hurries.map(({ aborted }) => aborted)).toEqual([true, true])
})
