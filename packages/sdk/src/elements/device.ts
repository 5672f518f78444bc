import type { Named } from './security-event.ts'

/** The sum of a device's protection. */
export type ProtectionStatusOverview = 'isolated' | 'inactive' | 'critical' | 'warning' | 'allOk'

/**
 * A computer, mobile or connector. What the platform does not know of one is missing.
 *
 * Source: the vendor's public API description and recorded answers of open clients.
 */
export interface Device {
  readonly id: string
  readonly name: string
  readonly type: 'computer' | 'connector' | 'mobile'
  readonly state: 'active' | 'blocked' | 'inactive'
  readonly online: boolean
  readonly company: Named
  readonly protectionStatusOverview: ProtectionStatusOverview
  readonly protectionStatus?: string
  readonly malwareState?: string
  readonly firewallState?: string
  readonly dataguardState?: string
  readonly applicationControlState?: string
  readonly deviceControlState?: string
  readonly patchOverallState?: string
  readonly patchLastScanTimestamp?: string
  readonly malwareDbVersion?: string
  readonly malwareDbUpdateTimestamp?: string
  readonly statusUpdateTimestamp?: string
  readonly registrationTimestamp?: string
  readonly lastRestartTime?: string
  readonly profileName?: string
  readonly profileState?: string
  readonly clientVersion?: string
  readonly biosVersion?: string
  readonly computerModel?: string
  readonly serialNumber?: string
  readonly os?: { readonly name: string; readonly version?: string; readonly endOfLife?: boolean }
  readonly lastUser?: string
  readonly userPrincipalName?: string
  readonly currentUserAdmin?: boolean
  readonly email?: string
  readonly publicInternet?: boolean
  readonly publicIpAddress?: string
  /** Several are separated by commas. */
  readonly ipAddresses?: string
  readonly ipv6Addresses?: string
  readonly macAddresses?: string
  readonly dnsAddress?: string
  readonly winsAddress?: string
  readonly activeDirectoryGroup?: string
  readonly discEncryptionEnabled?: boolean
  readonly encryptedDrives?: readonly { readonly drive: string; readonly protectionStatus: string }[]
  /** Bytes. */
  readonly systemDriveTotalSize?: number
  readonly systemDriveFreeSpace?: number
  readonly physicalMemoryTotalSize?: number
  readonly physicalMemoryFree?: number
  readonly edrIncidents?: {
    readonly riskSevere: number
    readonly riskHigh: number
    readonly riskMedium: number
  }
  readonly subscription?: { readonly productVariant: string; readonly name: string; readonly key: string }
  readonly assetGroups?: readonly Named[]
  readonly labels?: readonly string[]
  readonly alias?: string
  readonly importance?: 'critical' | 'normal' | 'minor'
  readonly vmRiskScore?: number
}

/** What became of one target of a call that has several. */
export interface TargetResult {
  readonly target: string
  /** HTTP status: 2xx where it was done, 404 for a target that is not known … */
  readonly status: number
  readonly details?: string
}

/** An operation that was given to a device. */
export interface StartedOperation extends TargetResult {
  /** Digits; undefined where it was refused. */
  readonly operationId?: string
}

/** An operation of a device and how far it is. */
export interface DeviceOperation {
  readonly id: string
  readonly operationName: string
  readonly status: 'pending' | 'ongoing' | 'finished' | 'failed' | 'internalError' | 'unknownError'
  readonly startedTimestamp: string
  readonly lastUpdatedTimestamp: string
}

/** What devices can be told to do, with the parameters of each. */
export interface OperationParameters {
  readonly isolateFromNetwork: { readonly message?: string }
  readonly releaseFromNetworkIsolation: Readonly<Record<string, never>>
  readonly assignProfile: { readonly profileId: number | string }
  readonly scanForMalware: Readonly<Record<string, never>>
  readonly showMessage: { readonly message: string }
  /** @param turnOnTimeout - Minutes, 5 to 1440. */
  readonly turnOnFeature: { readonly feature: 'debugLogging'; readonly turnOnTimeout: number }
  readonly collectDiagnosticFile: { readonly consentMessage?: string }
  readonly sendFullStatus: Readonly<Record<string, never>>
  readonly restartSystem: { readonly message?: string }
  readonly scanForUpdates: Readonly<Record<string, never>>
  /** Bulletins (at most 200) or a severity. */
  readonly installSoftwareUpdates: {
    readonly bulletinIds?: readonly string[]
    readonly severity?: 'critical' | 'important' | 'everything'
    readonly forceClose?: boolean
  }
}
