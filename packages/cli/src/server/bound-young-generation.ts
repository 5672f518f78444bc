import { getHeapSpaceStatistics } from 'node:v8'
import { holdYoungGeneration, type YoungGenerationHold } from './hold-young-generation.ts'

const CHECK_EVERY_MS = 20
/** Rules and what is found of them by the thousand are young for a moment: more room than this does not make it quicker. */
const YOUNG_BYTES = 32 * 1024 * 1024

/**
 * Keeps V8 from making more room for young objects than some bytes, or twice as many where it is quick. By itself it goes up to 128 MiB
 * under a long command that makes many objects, and is no faster for it.
 */
export function boundYoungGeneration(maxBytes: number = YOUNG_BYTES): Disposable {
  let hold: YoungGenerationHold | undefined
  const check = (): void => {
    if (!hold && readSize() >= maxBytes) hold = holdYoungGeneration()
  }
  check()
  const timer = setInterval(check, CHECK_EVERY_MS).unref()
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer)
      hold?.release()
    },
  }
}

function readSize(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0
}
