import {
  type DataFinding,
  type DataRule,
  type EventSource,
  findData,
  readDataRule,
  SHIPPED_RULES,
} from '@timeskein/analyze'
import { type Query, resolveDate } from '@timeskein/query'
import { invalid } from '../../errors/domain-error.ts'
import type { ExploreService } from '../explore/explore-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { DataFinderService } from './data-finder-service.ts'

/** The file of rules, under the folder of configuration. */
const FILE = 'data_finder.yaml'

/** Looks for data with the rules of the data directory. */
export function createDataFinderService(context: ServiceContext, explore: ExploreService): DataFinderService {
  return {
    async find(principal, sketchId, search) {
      await context.access.requireOpenSketch(principal, sketchId, 'read')
      const range: Query = {
        kind: 'range',
        field: 'datetime',
        gte: requireDate('start_date', search.startDate),
        lte: requireDate('end_date', search.endDate),
      }
      const { timelines } = await explore.resolveScope(sketchId, { entries: search.timelineIds })
      const events: EventSource = {
        read: (query) =>
          explore.scan(principal, {
            sketchId,
            selection: { entries: timelines.map(({ id }) => id) },
            query,
            sort: 'asc',
            ...(search.signal === undefined ? {} : { signal: search.signal }),
          }),
      }
      const rules = await readRules(context)
      const findings = new Map<string, DataFinding>()
      for (const name of new Set(search.ruleNames)) {
        const rule = rules.get(name)
        if (!rule) findings.set(name, [false, 'Rule not defined'])
        else if (timelines.length === 0) findings.set(name, [false, 'No hits discovered'])
        else findings.set(name, await findData(events, rule, range, search.parameters))
      }
      return search.ruleNames.map((name) => [name, findings.get(name)!])
    },
  }
}

function requireDate(name: string, text: string): string {
  if (resolveDate(text, { roundUp: false, nowUs: 0n })) return text
  throw invalid(
    'bad-date',
    `${name}: a date such as 2024-01-31T12:00:00 was expected, found [${text.slice(0, 100)}].`,
    {
      parameter: name,
    },
  )
}

/** Rules by name. One that cannot be read is left out, and the log tells why. */
async function readRules(context: ServiceContext): Promise<ReadonlyMap<string, DataRule>> {
  const file = await context.config.readFile(FILE)
  if (!file) return new Map(SHIPPED_RULES.map((rule) => [rule.name, rule]))
  const rules = new Map<string, DataRule>()
  for (const [name, members] of Object.entries(file.value ?? {})) {
    try {
      rules.set(name, readDataRule(name, members ?? {}))
    } catch (error) {
      context.log.warn({ path: FILE, rule: name, err: error }, 'a rule of the data finder could not be read')
    }
  }
  return rules
}
