import { z } from 'zod'
import { elementsNamedSchema, elementsTargetResultSchema } from './page.ts'

/** The sum of a device's protection. */
export const PROTECTION_OVERVIEWS = ['isolated', 'inactive', 'critical', 'warning', 'allOk'] as const
/** The sum of a device's protection. */
export type ProtectionOverview = (typeof PROTECTION_OVERVIEWS)[number]

/** What devices are counted by. */
export const DEVICE_COUNT_KEYS = [
  'protectionStatus',
  'patchOverallState',
  'firewallState',
  'malwareState',
] as const
/** What devices are counted by. */
export type DeviceCountKey = (typeof DEVICE_COUNT_KEYS)[number]

/** States of updates that a device can be in. */
export const PATCH_STATES = [
  'missingCriticalUpdates',
  'missingImportantUpdates',
  'importantUpdatesInstalled',
  'disabled',
  'outdatedScanResults',
  'notScannedYet',
] as const

/**
 * A computer, mobile or connector. What the platform does not know of one is missing.
 *
 * Source: the vendor's public API description and recorded answers of open clients.
 */
export const elementsDeviceSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.enum(['computer', 'connector', 'mobile']),
  state: z.enum(['active', 'blocked', 'inactive']),
  online: z.boolean(),
  company: elementsNamedSchema,
  protectionStatusOverview: z.enum(PROTECTION_OVERVIEWS),
  protectionStatus: z.string().optional(),
  malwareState: z.string().optional(),
  firewallState: z.string().optional(),
  dataguardState: z.string().optional(),
  applicationControlState: z.string().optional(),
  deviceControlState: z.string().optional(),
  patchOverallState: z.string().optional(),
  patchLastScanTimestamp: z.string().optional(),
  malwareDbVersion: z.string().optional(),
  malwareDbUpdateTimestamp: z.string().optional(),
  statusUpdateTimestamp: z.string().optional(),
  registrationTimestamp: z.string().optional(),
  lastRestartTime: z.string().optional(),
  profileName: z.string().optional(),
  profileState: z.string().optional(),
  clientVersion: z.string().optional(),
  biosVersion: z.string().optional(),
  computerModel: z.string().optional(),
  serialNumber: z.string().optional(),
  os: z
    .object({ name: z.string(), version: z.string().optional(), endOfLife: z.boolean().optional() })
    .optional(),
  lastUser: z.string().optional(),
  userPrincipalName: z.string().optional(),
  currentUserAdmin: z.boolean().optional(),
  email: z.string().optional(),
  publicInternet: z.boolean().optional(),
  publicIpAddress: z.string().optional(),
  /** Several are separated by commas. */
  ipAddresses: z.string().optional(),
  ipv6Addresses: z.string().optional(),
  macAddresses: z.string().optional(),
  dnsAddress: z.string().optional(),
  winsAddress: z.string().optional(),
  activeDirectoryGroup: z.string().optional(),
  discEncryptionEnabled: z.boolean().optional(),
  encryptedDrives: z.array(z.object({ drive: z.string(), protectionStatus: z.string() })).optional(),
  /** Bytes. */
  systemDriveTotalSize: z.number().optional(),
  systemDriveFreeSpace: z.number().optional(),
  physicalMemoryTotalSize: z.number().optional(),
  physicalMemoryFree: z.number().optional(),
  edrIncidents: z.object({ riskSevere: z.int(), riskHigh: z.int(), riskMedium: z.int() }).optional(),
  subscription: z
    .object({ productVariant: z.string().optional(), name: z.string().optional(), key: z.string() })
    .optional(),
  assetGroups: z.array(elementsNamedSchema).optional(),
  labels: z.array(z.string()).optional(),
  alias: z.string().optional(),
  importance: z.enum(['critical', 'normal', 'minor']).optional(),
  vmRiskScore: z.number().optional(),
})
/**
 * A computer, mobile or connector. What the platform does not know of one is missing.
 *
 * Source: the vendor's public API description and recorded answers of open clients.
 */
export type ElementsDevice = z.infer<typeof elementsDeviceSchema>

/** A change of devices: the targets, and exactly one of the others. */
export const elementsDeviceChangeSchema = z.object({
  targets: z.array(z.string()).min(1).max(5),
  state: z.enum(['blocked', 'inactive']).optional(),
  subscriptionKey: z.string().min(1).max(100).optional(),
  alias: z.string().max(256).optional(),
  importance: z.enum(['critical', 'normal', 'minor']).optional(),
  businessContext: z.string().max(1024).optional(),
  labels: z.array(z.string().max(64)).max(64).optional(),
})

/** An operation that was given to a device: 202 with its id, or why it was refused. */
export const elementsStartedOperationSchema = elementsTargetResultSchema.extend({
  /** Digits. */
  operationId: z.string().optional(),
})
/** An operation that was given to a device: 202 with its id, or why it was refused. */
export type ElementsStartedOperation = z.infer<typeof elementsStartedOperationSchema>

/** An operation of a device, and how far it is. */
export const elementsOperationSchema = z.object({
  id: z.string(),
  operationName: z.string(),
  status: z.enum(['pending', 'ongoing', 'finished', 'failed', 'internalError', 'unknownError']),
  startedTimestamp: z.string(),
  lastUpdatedTimestamp: z.string(),
})
/** An operation of a device, and how far it is. */
export type ElementsOperation = z.infer<typeof elementsOperationSchema>

const nothing = z.object({})
const message = z.string().max(512)

/** What devices can be told to do, with the parameters of each. */
export const ELEMENTS_OPERATIONS = {
  isolateFromNetwork: z.object({ message: message.optional() }),
  releaseFromNetworkIsolation: nothing,
  assignProfile: z.object({ profileId: z.union([z.string().min(1), z.number()]) }),
  scanForMalware: nothing,
  showMessage: z.object({ message: message.min(1) }),
  turnOnFeature: z.object({
    feature: z.literal('debugLogging'),
    /** Minutes. */
    turnOnTimeout: z.int().min(5).max(1440),
  }),
  collectDiagnosticFile: z.object({ consentMessage: message.optional() }),
  sendFullStatus: nothing,
  restartSystem: z.object({ message: message.optional() }),
  scanForUpdates: nothing,
  /** Bulletins or a severity. */
  installSoftwareUpdates: z
    .object({
      bulletinIds: z.array(z.string()).min(1).max(200).optional(),
      severity: z.enum(['critical', 'important', 'everything']).optional(),
      forceClose: z.boolean().optional(),
    })
    .refine(({ bulletinIds, severity }) => (bulletinIds === undefined) !== (severity === undefined), {
      message: 'either bulletinIds or severity expected',
    }),
} as const satisfies Record<string, z.ZodType>

/** The name of what a device can be told to do. */
export type ElementsOperationName = keyof typeof ELEMENTS_OPERATIONS
/** Parameters of what a device can be told to do. */
export type ElementsOperationParameters = {
  readonly [Name in ElementsOperationName]: z.input<(typeof ELEMENTS_OPERATIONS)[Name]>
}
