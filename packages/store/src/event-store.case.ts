import { describeAskContract } from './contract/ask-contract.ts'
import { describeImportContract, type StorePlace } from './contract/import-contract.ts'
import { describeValueContract } from './contract/value-contract.ts'
import type { EventStore } from './event-store.ts'

/** The whole contract of `EventStore`, for the test file of an engine to call. */
export function describeEventStore(makePlace: () => Promise<StorePlace>): void {
  describeImportContract(makePlace)
  const open = async (): Promise<EventStore> => {
    const place = await makePlace()
    const store = await place.open()
    // The asking suite knows only the store: what holds its files goes with it.
    const dispose = store[Symbol.asyncDispose].bind(store)
    store[Symbol.asyncDispose] = async () => {
      await dispose()
      await place[Symbol.asyncDispose]()
    }
    return store
  }
  describeAskContract(open)
  describeValueContract(open)
}
