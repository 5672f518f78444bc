import type { AlertService } from './alerts/alert-service.ts'
import type { CaseService } from './cases/case-service.ts'
import { createCaseService } from './cases/create-case-service.ts'
import type { DeviceService } from './devices/device-service.ts'
import { createIntakeService } from './intakes/create-intake-service.ts'
import type { IntakeService } from './intakes/intake-service.ts'
import type { OrganisationService } from './organisations/organisation-service.ts'
import type { RuleService } from './rules/rule-service.ts'
import { createSearchJobService } from './search-jobs/create-search-job-service.ts'
import type { SearchJobService } from './search-jobs/search-job-service.ts'
import type { ServiceContext } from './service-context.ts'
import type { SketchService } from './sketches/sketch-service.ts'
import { createSolService } from './sol/create-sol-service.ts'
import type { SolService } from './sol/sol-service.ts'
import type { TimelineService } from './timelines/timeline-service.ts'

/** Ways in for events, cases, and searches that run by themselves. */
export interface WorkspaceServices {
  readonly intakes: IntakeService
  readonly cases: CaseService
  readonly searchJobs: SearchJobService
  readonly sol: SolService
}

/** Makes them all. */
export async function createWorkspaceServices(
  context: ServiceContext,
  services: {
    readonly sketches: SketchService
    readonly timelines: TimelineService
    readonly alerts: AlertService
    readonly devices: DeviceService
    readonly organisations: OrganisationService
    readonly rules: RuleService
  },
): Promise<WorkspaceServices> {
  const intakes = createIntakeService(context, services)
  const cases = createCaseService(context, services.alerts)
  return {
    intakes,
    cases,
    searchJobs: await createSearchJobService(context, services.alerts),
    sol: createSolService(context, { ...services, intakes, cases }),
  }
}
