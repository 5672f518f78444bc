import type { Principal } from '../../auth/principal.ts'
import type { DeviceFilter } from '../devices/device-service.ts'

/** How far an operation is. */
export type OperationStatus = 'pending' | 'ongoing' | 'finished' | 'failed'

/** What asked for it: those who keep devices, or those who look into incidents. */
export type OperationKind = 'operation' | 'response'

/** Something that a device was told to do. */
export interface DeviceOperation {
  readonly id: number
  /** Digits, 19 of them. */
  readonly uid: string
  /** UUID of the call that told several devices the same. */
  readonly batchUid: string
  readonly kind: OperationKind
  /** `isolateFromNetwork`, `scanForMalware`, `killProcess` … */
  readonly name: string
  /** 32 hex digits, and the ids that platforms have for it. */
  readonly deviceUid: string
  readonly devicePlatformIds: readonly string[]
  readonly parameters: Readonly<Record<string, unknown>>
  readonly comment: string
  readonly status: OperationStatus
  readonly username: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What one of the devices of a call was told. */
export interface StartedOperation {
  /** The device as the caller named it. */
  readonly target: string
  /** Undefined where there is no such device, or the caller may not change it. */
  readonly operation: DeviceOperation | undefined
  readonly refusal: 'not-found' | 'forbidden' | undefined
}

/** Operations that were told by one call. */
export interface OperationBatch {
  readonly uid: string
  readonly operations: readonly DeviceOperation[]
}

/** Which operations; what is left out does not matter. */
export interface OperationFilter {
  readonly kind?: OperationKind
  readonly batchUid?: string
  readonly deviceId?: string
  /** Of these devices only. */
  readonly devices?: Pick<DeviceFilter, 'organisationId' | 'facts'>
  readonly name?: string
  readonly username?: string
  /** Part of the comment, in any case. */
  readonly comment?: string
  readonly statuses?: readonly OperationStatus[]
}

/**
 * What devices are told to do. Timeskein has no agent on them: it keeps what was asked, by whom, and how far it is taken to be; an
 * operation begins after half a second for each second of `operationSeconds` (`platforms.yaml`), ends after all of them, and what it
 * changes about the device (its isolation, its profile, its updates) is decided of it then.
 */
export interface DeviceOperationService {
  /** Tells devices to do something. A device that is not there is told of in its result. */
  start(
    principal: Principal,
    order: {
      readonly kind: OperationKind
      readonly name: string
      readonly targets: readonly string[]
      readonly parameters?: Readonly<Record<string, unknown>>
      readonly comment?: string
    },
  ): Promise<{ readonly batchUid: string; readonly started: readonly StartedOperation[] }>
  /** Of devices that the caller may see, newest first. @param page.after - Row id of the last one of the page before. */
  readPage(
    principal: Principal,
    filter: OperationFilter,
    page: { readonly limit: number; readonly after?: number; readonly order?: 'asc' | 'desc' },
  ): Promise<{ readonly items: readonly DeviceOperation[]; readonly next: number | undefined }>
  /** As `readPage`, by calls. */
  readBatches(
    principal: Principal,
    filter: OperationFilter,
    page: { readonly limit: number; readonly after?: number; readonly order?: 'asc' | 'desc' },
  ): Promise<{ readonly items: readonly OperationBatch[]; readonly next: number | undefined }>
  /** Takes operations on as far as time has gone; to be called before devices are read by what operations change. */
  settle(): Promise<void>
}
