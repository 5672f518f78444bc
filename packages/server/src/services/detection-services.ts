import type { AlertService } from './alerts/alert-service.ts'
import { createAlertService } from './alerts/create-alert-service.ts'
import { createDeviceService } from './devices/create-device-service.ts'
import type { DeviceService } from './devices/device-service.ts'
import { createIncidentService } from './incidents/create-incident-service.ts'
import type { IncidentService } from './incidents/incident-service.ts'
import { createOrganisationService, type OrganisationService } from './organisations/organisation-service.ts'
import { createPolicyService } from './policies/create-policy-service.ts'
import type { PolicyService } from './policies/policy-service.ts'
import { createRuleService } from './rules/create-rule-service.ts'
import type { RuleService } from './rules/rule-service.ts'
import type { ServiceContext } from './service-context.ts'

/** Rules, and what they find. */
export interface DetectionServices {
  readonly rules: RuleService
  readonly policies: PolicyService
  readonly alerts: AlertService
  readonly incidents: IncidentService
  readonly devices: DeviceService
  readonly organisations: OrganisationService
}

/** Makes them all. */
export function createDetectionServices(context: ServiceContext): DetectionServices {
  return {
    rules: createRuleService(context),
    policies: createPolicyService(context),
    alerts: createAlertService(context),
    incidents: createIncidentService(context),
    devices: createDeviceService(context),
    organisations: createOrganisationService(context),
  }
}
