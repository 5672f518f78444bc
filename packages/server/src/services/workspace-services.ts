import { type AlertContextService, createAlertContextService } from './alert-context/alert-context-service.ts'
import type { AlertService } from './alerts/alert-service.ts'
import { type AssetService, createAssetService } from './assets/asset-service.ts'
import type { CaseService } from './cases/case-service.ts'
import { createCaseService } from './cases/create-case-service.ts'
import type { DeviceService } from './devices/device-service.ts'
import { createIntakeService } from './intakes/create-intake-service.ts'
import type { IntakeService } from './intakes/intake-service.ts'
import type { OrganisationService } from './organisations/organisation-service.ts'
import { createRuleCatalogueService } from './rule-catalogue/create-rule-catalogue-service.ts'
import type { RuleCatalogueService } from './rule-catalogue/rule-catalogue-service.ts'
import type { RuleService } from './rules/rule-service.ts'
import { createSearchJobService } from './search-jobs/create-search-job-service.ts'
import { createJobExportService, type JobExportService } from './search-jobs/export-service.ts'
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
  readonly jobExports: JobExportService
  readonly sol: SolService
  readonly ruleCatalogue: RuleCatalogueService
  readonly alertContext: AlertContextService
  readonly assets: AssetService
}

/** Makes them all. @param exportsDirectory - For files that are fetched and forgotten. */
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
  exportsDirectory: string,
): Promise<WorkspaceServices> {
  const intakes = createIntakeService(context, services)
  const cases = createCaseService(context, services.alerts)
  const alertContext = createAlertContextService(context)
  const ruleCatalogue = createRuleCatalogueService(context, services.rules)
  const searchJobs = await createSearchJobService(context, services.alerts)
  return {
    intakes,
    cases,
    searchJobs,
    jobExports: createJobExportService(context, searchJobs, exportsDirectory),
    sol: createSolService(context, { ...services, intakes, cases, alertContext, ruleCatalogue }),
    assets: createAssetService(context, services.devices),
    alertContext,
    ruleCatalogue,
  }
}
