import { createPolicyService } from './policies/create-policy-service.ts'
import type { PolicyService } from './policies/policy-service.ts'
import { createRuleService } from './rules/create-rule-service.ts'
import type { RuleService } from './rules/rule-service.ts'
import type { ServiceContext } from './service-context.ts'

/** Rules, and what they find. */
export interface DetectionServices {
  readonly rules: RuleService
  readonly policies: PolicyService
}

/** Makes them all. */
export function createDetectionServices(context: ServiceContext): DetectionServices {
  return { rules: createRuleService(context), policies: createPolicyService(context) }
}
