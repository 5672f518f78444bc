import type { SolRow, SolTables } from '@timeskein/analyze/sol'
import type { Query } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import { forbidden } from '../../errors/domain-error.ts'
import type { AlertContextService } from '../alert-context/alert-context-service.ts'
import type { AlertService } from '../alerts/alert-service.ts'
import type { CaseService } from '../cases/case-service.ts'
import type { DeviceService } from '../devices/device-service.ts'
import type { IntakeService } from '../intakes/intake-service.ts'
import type { OrganisationService } from '../organisations/organisation-service.ts'
import type { RuleCatalogueService } from '../rule-catalogue/rule-catalogue-service.ts'
import type { RuleService } from '../rules/rule-service.ts'
import { findReadableEvents } from '../search-jobs/find-readable-events.ts'
import { flattenEvent } from '../search-jobs/flatten-event.ts'
import { findKeptEvents } from '../search-jobs/kept-events.ts'
import type { ServiceContext } from '../service-context.ts'
import { readAlertRows, readAssetRows, readCaseRows, readIntakeRows, readRuleRows } from './sol-rows.ts'
import { readTelemetryRows } from './telemetry-rows.ts'

/** Where rows come from. */
export interface SolTableServices {
  readonly alerts: AlertService
  readonly alertContext: AlertContextService
  readonly ruleCatalogue: RuleCatalogueService
  readonly cases: CaseService
  readonly intakes: IntakeService
  readonly devices: DeviceService
  readonly organisations: OrganisationService
  readonly rules: RuleService
}

/** What a run may read. */
export interface SolTableOptions {
  /** Only events of these intakes. */
  readonly intakeUids: readonly string[] | undefined
  readonly mayRead: (table: string) => boolean
  readonly signal: AbortSignal
}

/** Rows of one page. */
const PAGE = 1000

/**
 * The tables of SOL on what somebody may read. Those that nothing here fills (accounts, applications and vulnerabilities of assets,
 * custom statuses and priorities) have no rows.
 */
export function makeSolTables(
  context: ServiceContext,
  services: SolTableServices,
  principal: Principal,
  options: SolTableOptions,
): SolTables {
  const { store } = context
  const { intakeUids, mayRead, signal } = options
  const requireTable = (table: string): void => {
    if (!mayRead(table))
      throw forbidden('missing-permission', `This needs a key with the permission to read ${table}.`)
  }
  const narrow = async (table: string, query: Query): Promise<Query> => {
    const parts: Query[] = [query]
    if (intakeUids)
      parts.push({
        kind: 'or',
        of: intakeUids.map((value) => ({
          kind: 'wildcard',
          field: 'sekoiaio.intake.uuid',
          pattern: value.replace(/[\\*?]/g, '\\$&'),
          whole: true,
          caseInsensitive: true,
          anyType: true,
        })),
      })
    if (table === 'eternal_events')
      parts.push({ kind: 'ids', values: await findKeptEvents(context.db, principal) })
    return { kind: 'and', of: parts }
  }
  return {
    async *readEvents(table, query) {
      requireTable(table)
      const { scope } = await findReadableEvents(context, principal)
      const pages = store.scan({
        scope,
        query: await narrow(table, query),
        sort: 'desc',
        pageSize: PAGE,
        signal,
      })
      for await (const page of pages) yield page.map(flattenEvent)
    },
    async countEvents(table, query) {
      requireTable(table)
      const { scope } = await findReadableEvents(context, principal)
      return await store.count({ scope, query: await narrow(table, query), signal })
    },
    async *readTable(table) {
      requireTable(table)
      if (table !== 'event_telemetry') return yield* readRows(services, principal, table)
      const { scope } = await findReadableEvents(context, principal)
      const { uid: community } = await services.organisations.getDefault(principal)
      const intakes = await services.intakes.list(principal)
      yield await readTelemetryRows(store, scope, intakes, { community, signal })
    },
  }
}

async function* readRows(
  services: SolTableServices,
  principal: Principal,
  table: string,
): AsyncGenerator<readonly SolRow[]> {
  switch (table) {
    case 'alerts':
      yield* readAlertRows(services, principal)
      return
    case 'cases':
      yield* readCaseRows(services, principal)
      return
    case 'assets':
      yield* readAssetRows(services, principal)
      return
    case 'rule_definitions':
    case 'rule_instances':
      yield await readRuleRows(services, principal)
      return
    default:
      yield await readIntakeRows(services, principal, table)
  }
}
