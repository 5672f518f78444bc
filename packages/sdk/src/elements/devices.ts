import type {
  DeviceCountKey,
  ElementsDevice,
  ElementsOperation,
  ElementsOperationName,
  ElementsOperationParameters,
  ElementsStartedOperation,
  ElementsTargetResult,
  ProtectionOverview,
} from '@timeskein/model/elements'
import { ApiError, isApiError } from '../errors/api-error.ts'
import { TimeLimitError } from '../errors/time-limit-error.ts'
import type { Listing } from '../paging/listing.ts'
import { type DurationInput, readDuration } from '../paging/time-input.ts'
import { waitMs } from '../transport/wait.ts'
import { type CallOptions, type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'
import { inBatches } from './in-batches.ts'

const LIST = { method: 'GET', path: '/devices/v1/devices' } as const
const OPERATIONS_PATH = '/devices/v1/operations'
const MAX_PAGE_SIZE = 200
const CHANGE_BATCH = 5
const DELETE_BATCH = 20

/** Which devices. */
export interface DeviceFilter {
  readonly type?: ElementsDevice['type'] | undefined
  readonly state?: ElementsDevice['state'] | undefined
  readonly name?: string | undefined
  readonly serialNumber?: string | undefined
  readonly online?: boolean | undefined
  readonly label?: string | undefined
  readonly clientVersion?: string | undefined
  readonly protectionStatusOverview?: ProtectionOverview | readonly ProtectionOverview[] | undefined
  readonly patchOverallState?: string | undefined
  readonly publicIpAddress?: string | undefined
  readonly osName?: string | undefined
  readonly activeDirectoryGroup?: string | undefined
  readonly subscriptionKey?: string | undefined
  /** UUID. @default the client's own organization and those below it */
  readonly organizationId?: string | undefined
}

/** A change of devices: exactly one member. */
export type DeviceChange =
  | { readonly state: 'blocked' | 'inactive' }
  | { readonly subscriptionKey: string }
  | { readonly alias: string }
  | { readonly importance: 'critical' | 'normal' | 'minor' }
  | { readonly businessContext: string }
  | { readonly labels: readonly string[] }

/** Devices, and what they are told to do. */
export class Devices {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  list(options: DeviceFilter & ListOptions = {}): Listing<ElementsDevice> {
    return this.#connection.list(LIST, toValues({ ...options }), options, MAX_PAGE_SIZE)
  }

  /** A device; undefined where there is none of this id. */
  async get(deviceId: string, options: CallOptions = {}): Promise<ElementsDevice | undefined> {
    try {
      return await this.#connection.list<ElementsDevice>(LIST, { deviceId }, options, 1).first()
    } catch (error) {
      if (isApiError(error) && error.status === 404) return undefined
      throw error
    }
  }

  /** How many there are of each value. */
  async count<Key extends DeviceCountKey>(
    by: Key,
    options: DeviceFilter & CallOptions = {},
  ): Promise<readonly (Readonly<Record<Key, string>> & { readonly count: number })[]> {
    return await this.#aggregate({ ...toValues({ ...options }), count: by }, options)
  }

  /** How many there were of each protection status, day by day for 30 days. */
  async histogram(
    options: DeviceFilter & CallOptions = {},
  ): Promise<
    readonly { readonly date: string; readonly protectionStatus: string; readonly count: number }[]
  > {
    return await this.#aggregate({ ...toValues({ ...options }), histogram: 'protectionStatus' }, options)
  }

  /** Changes devices, five at a time; a device that is not known has the status 404 in its result. An alias is for one device. */
  async change(
    deviceIds: string | readonly string[],
    change: DeviceChange,
    options: CallOptions = {},
  ): Promise<readonly ElementsTargetResult[]> {
    return await inBatches(deviceIds, CHANGE_BATCH, async (targets) => {
      const answer = await this.#connection.send<{ readonly multistatus: readonly ElementsTargetResult[] }>(
        { method: 'PATCH', path: LIST.path, json: { targets, ...change }, scope: 'write' },
        options,
      )
      return answer.multistatus
    })
  }

  /** Takes devices out of the platform, twenty at a time. */
  async delete(
    deviceIds: string | readonly string[],
    options: CallOptions = {},
  ): Promise<readonly ElementsTargetResult[]> {
    return await inBatches(deviceIds, DELETE_BATCH, async (deviceId) => {
      const answer = await this.#connection.send<{ readonly multistatus: readonly ElementsTargetResult[] }>(
        { method: 'DELETE', path: LIST.path, query: { deviceId }, scope: 'write' },
        options,
      )
      return answer.multistatus
    })
  }

  /**
   * Tells devices to do something, five at a time. It is done later: see `waitForOperation`.
   *
   * @returns One result for each device: 202 with the operation's id, or why it was refused.
   */
  async operate<Name extends ElementsOperationName>(
    operation: Name,
    deviceIds: string | readonly string[],
    parameters?: ElementsOperationParameters[Name],
    options: CallOptions = {},
  ): Promise<readonly ElementsStartedOperation[]> {
    return await inBatches(deviceIds, CHANGE_BATCH, async (targets) => {
      const answer = await this.#connection.send<{
        readonly multistatus: readonly ElementsStartedOperation[]
      }>(
        {
          method: 'POST',
          path: OPERATIONS_PATH,
          json: { operation, targets, ...(parameters === undefined ? {} : { parameters }) },
          scope: 'write',
        },
        options,
      )
      return answer.multistatus
    })
  }

  /** Cuts devices off the network. @param options.message - Shown on them, 512 characters at most. */
  async isolate(
    deviceIds: string | readonly string[],
    options: CallOptions & { readonly message?: string | undefined } = {},
  ): Promise<readonly ElementsStartedOperation[]> {
    const { message, ...rest } = options
    return await this.operate('isolateFromNetwork', deviceIds, message === undefined ? {} : { message }, rest)
  }

  /** Lets devices back on the network. */
  async release(
    deviceIds: string | readonly string[],
    options: CallOptions = {},
  ): Promise<readonly ElementsStartedOperation[]> {
    return await this.operate('releaseFromNetworkIsolation', deviceIds, undefined, options)
  }

  /** The operations of a device, newest first. */
  async operations(deviceId: string, options: CallOptions = {}): Promise<readonly ElementsOperation[]> {
    const answer = await this.#connection.send<{ readonly items: readonly ElementsOperation[] }>(
      { method: 'GET', path: OPERATIONS_PATH, query: { deviceId } },
      options,
    )
    return answer.items
  }

  /**
   * Waits until an operation has ended, well or not: `status` says it.
   *
   * @param options.every - Between two looks. @default '10s'
   * @param options.timeout - @default '10m'
   * @throws {TimeLimitError} @throws {ApiError} `not-found` when the device knows no such operation.
   */
  async waitForOperation(
    deviceId: string,
    operationId: string,
    options: CallOptions & {
      readonly every?: DurationInput | undefined
      readonly timeout?: DurationInput | undefined
    } = {},
  ): Promise<ElementsOperation> {
    const everyMs = readDuration(options.every ?? '10s')
    const timeoutMs = readDuration(options.timeout ?? '10m')
    const untilMs = Date.now() + timeoutMs
    for (;;) {
      const operation = (await this.operations(deviceId, options)).find(({ id }) => id === operationId)
      if (!operation)
        throw new ApiError(`the device ${deviceId} has no operation ${operationId}`, {
          status: 404,
          code: 'not-found',
        })
      if (operation.status !== 'pending' && operation.status !== 'ongoing') return operation
      if (Date.now() + everyMs > untilMs)
        throw new TimeLimitError(`the operation ${operationId} of the device ${deviceId}`, timeoutMs)
      await waitMs(everyMs, options.signal)
    }
  }

  async #aggregate<Row>(query: ReturnType<typeof toValues>, options: CallOptions): Promise<readonly Row[]> {
    const organizationId = query['organizationId'] ?? this.#connection.organizationId
    return await this.#connection.aggregate<Row>({ ...LIST, query: { ...query, organizationId } }, options)
  }
}
