/** What state the work on an incident is in. */
export type IncidentStatus =
  | 'new'
  | 'acknowledged'
  | 'inProgress'
  | 'monitoring'
  | 'closed'
  | 'waitingForCustomer'

/** What an incident turned out to be. */
export type IncidentResolution =
  | 'unconfirmed'
  | 'confirmed'
  | 'incident'
  | 'falsePositive'
  | 'merged'
  | 'autoUnconfirmed'
  | 'autoFalsePositive'
  | 'securityTest'
  | 'acceptedRisk'
  | 'acceptedBehavior'
  | 'inconclusive'

/** How grave an incident is. */
export type RiskLevel = 'info' | 'low' | 'medium' | 'high' | 'severe'

/** Where an incident was found. */
export type IncidentSource =
  | 'endpoint'
  | 'cloud'
  | 'customer'
  | 'endpointExpert'
  | 'identityAzure'
  | 'workloadAzure'
  | 'workloadAws'

/** Detections that belong together (what older texts call a broad context detection). Times are RFC 3339 in UTC. */
export interface Incident {
  readonly incidentId: string
  /** What people call it: `3599-4F9929A4`. */
  readonly incidentPublicId?: string
  readonly organizationId?: string
  readonly name?: string
  readonly description?: string
  readonly status: IncidentStatus
  readonly severity?: string
  readonly riskLevel?: RiskLevel
  /** 0 to 100. */
  readonly riskScore?: number
  readonly resolution?: IncidentResolution
  readonly archived?: boolean
  readonly categories?: readonly string[]
  readonly sources?: readonly string[]
  readonly createdTimestamp: string
  /** Moves with every change, comment and new detection. */
  readonly updatedTimestamp: string
  readonly initialReceivedTimestamp?: string
}

/** Something suspicious that a device did. It never changes. */
export interface Detection {
  readonly detectionId: string
  readonly incidentId: string
  readonly deviceId?: string
  readonly name?: string
  readonly description?: string
  readonly detectionClass?: string
  readonly severity?: string
  readonly riskLevel?: RiskLevel
  readonly createdTimestamp: string
  /** When the platform first received it. */
  readonly initialReceivedTimestamp?: string
  readonly exePath?: string
  readonly exeName?: string
  /** SHA-1. */
  readonly exeHash?: string
  readonly cmdl?: string
  readonly pid?: number
  readonly username?: string
  readonly privileges?: string
  readonly activityContext?: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[]
}

/** Something that happened to an incident. */
export interface IncidentUpdate {
  readonly incidentId: string
  /** `comment`, `detection`, `patch`, `risk`, `merge`, `responseAction` … */
  readonly type: string
  readonly createdTimestamp: string
  readonly author?: string
  readonly content?: unknown
}
