import { join } from 'node:path'
import type { KeptPlans } from '@timeskein/analyze/detect'
import type { AlertService } from './alerts/alert-service.ts'
import { createAlertService } from './alerts/create-alert-service.ts'
import { createDetectionService } from './detections/create-detection-service.ts'
import type { DetectionService } from './detections/detection-service.ts'
import { LibraryRules } from './detections/library-rules.ts'
import { LiveDetection } from './detections/live-detection.ts'
import { PlanFolder } from './detections/plan-folder.ts'
import type { DetectEngine } from './detections/run-detection.ts'
import { createDeviceOperationService } from './device-operations/create-device-operation-service.ts'
import type { DeviceOperationService } from './device-operations/device-operation-service.ts'
import { createDeviceService } from './devices/create-device-service.ts'
import type { DeviceService } from './devices/device-service.ts'
import { createIncidentService } from './incidents/create-incident-service.ts'
import type { IncidentService } from './incidents/incident-service.ts'
import { createInvitationService } from './invitations/create-invitation-service.ts'
import type { InvitationService } from './invitations/invitation-service.ts'
import {
  createOrganisationSettingService,
  type OrganisationSettingService,
} from './organisation-settings/organisation-setting-service.ts'
import { createOrganisationService, type OrganisationService } from './organisations/organisation-service.ts'
import { createPolicyService } from './policies/create-policy-service.ts'
import type { PolicyService } from './policies/policy-service.ts'
import { createRuleService } from './rules/create-rule-service.ts'
import type { RuleService } from './rules/rule-service.ts'
import type { ServiceContext } from './service-context.ts'
import { createWebhookService } from './webhooks/create-webhook-service.ts'
import type { WriteWebhookMessage } from './webhooks/webhook-message.ts'
import { WebhookSender } from './webhooks/webhook-sender.ts'
import type { WebhookService } from './webhooks/webhook-service.ts'

/** Rules, and what they find. */
export interface DetectionServices {
  readonly rules: RuleService
  readonly policies: PolicyService
  readonly detections: DetectionService
  readonly alerts: AlertService
  readonly incidents: IncidentService
  readonly devices: DeviceService
  readonly deviceOperations: DeviceOperationService
  readonly organisations: OrganisationService
  readonly organisationSettings: OrganisationSettingService
  readonly invitations: InvitationService
  readonly webhooks: WebhookService
}

/** The services, and what their owner needs to start and stop what goes on behind them. */
export interface Detection {
  readonly services: DetectionServices
  readonly live: LiveDetection
  readonly webhooks: WebhookSender
  readonly library: LibraryRules
}

/** The engine, loaded with the first run: a server starts sooner without it. It keeps what it made of the rules. */
function makeEngine(files: PlanFolder): DetectEngine {
  let plans: KeptPlans | undefined
  return async (store, request, onHits) => {
    const engine = await import('@timeskein/analyze/detect')
    plans ??= new engine.KeptPlans(files)
    return await engine.detect(store, { ...request, plans }, onHits)
  }
}

/** Makes them all. @param cacheDirectory - For what can be made again. @param writeMessage - What webhooks are sent. */
export function createDetection(
  context: ServiceContext,
  cacheDirectory: string,
  writeMessage: WriteWebhookMessage,
): Detection {
  const engine = makeEngine(new PlanFolder(join(cacheDirectory, 'plans'), context.log))
  const library = new LibraryRules(context.db, context.log, join(cacheDirectory, 'rule-set.bin'))
  const live = new LiveDetection(context, engine, library)
  const policies = createPolicyService(context)
  const webhooks = new WebhookSender(context, writeMessage)
  const services = {
    rules: createRuleService(context),
    policies,
    detections: createDetectionService(context, { engine, library, live, policies }),
    alerts: createAlertService(context),
    incidents: createIncidentService(context),
    devices: createDeviceService(context),
    deviceOperations: createDeviceOperationService(context),
    organisations: createOrganisationService(context),
    organisationSettings: createOrganisationSettingService(context),
    invitations: createInvitationService(context),
    webhooks: createWebhookService(context, webhooks),
  }
  return { services, live, library, webhooks }
}
