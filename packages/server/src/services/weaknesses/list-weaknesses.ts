import type { Principal } from '../../auth/principal.ts'
import type { Suppression } from '../alerts/alert-service.ts'
import type { Device } from '../devices/device-service.ts'
import type { Rule } from '../rules/rule-service.ts'
import type { Services } from '../services.ts'

/** Most devices of one look. */
const MAX_DEVICES = 1000
const PAGE = 1000
/** As rules of Sigma name them: `cve.2021-44228`, `cve.2021.44228`. */
const CVE_TAG = /^cve\.(\d{4})[-.](\d{4,})$/i

/** A known weakness that hosts were attacked by: a rule names it, and there are alerts of that rule. */
export interface Weakness {
  /** `CVE-2021-44228`. */
  readonly cve: string
  /** Of the first rule that names it. */
  readonly title: string
  /** The highest of its alerts, 0 to 100. */
  readonly severity: number
  /** Every rule that names it is suppressed everywhere. */
  readonly isSuppressed: boolean
  readonly suppressions: readonly Suppression[]
  /** Those that the caller may see, by name. */
  readonly devices: readonly Device[]
}

type Deps = Pick<Services, 'rules' | 'alerts' | 'devices'>

/** Weaknesses of whose use there are alerts that the caller may see, by number. */
export async function listWeaknesses(services: Deps, principal: Principal): Promise<readonly Weakness[]> {
  const byCve = new Map<string, Rule[]>()
  for (const rule of await services.rules.list(principal, { text: 'cve.' }))
    for (const cve of readCves(rule.tags)) byCve.set(cve, [...(byCve.get(cve) ?? []), rule])
  const suppressions = await services.alerts.listSuppressions(principal)
  const found: Weakness[] = []
  for (const [cve, rules] of byCve) {
    const { severity, rowIds } = await readAlertsOf(services, principal, rules)
    if (severity === undefined) continue
    const own = suppressions.filter(({ ruleUuid }) => rules.some(({ uuid }) => uuid === ruleUuid))
    const isOff = ({ uuid }: Rule): boolean =>
      own.some((one) => one.ruleUuid === uuid && one.sketchId === undefined && one.host === undefined)
    const ids = [...rowIds].slice(0, MAX_DEVICES)
    const { items } =
      ids.length === 0
        ? { items: [] }
        : await services.devices.readPage(principal, { rowIds: ids }, { limit: MAX_DEVICES })
    found.push({
      cve,
      title: rules[0]!.title,
      severity,
      isSuppressed: rules.every(isOff),
      suppressions: own,
      devices: items.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })
  }
  return found.toSorted((a, b) => (a.cve < b.cve ? -1 : 1))
}

async function readAlertsOf(
  { alerts }: Deps,
  principal: Principal,
  rules: readonly Rule[],
): Promise<{ readonly severity: number | undefined; readonly rowIds: ReadonlySet<number> }> {
  const filter = { ruleUuids: rules.map(({ uuid }) => uuid) }
  const rowIds = new Set<number>()
  let severity: number | undefined
  for (let after: string | undefined; ; ) {
    const page = await alerts.readPage(principal, filter, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    for (const alert of page.items) {
      severity = Math.max(severity ?? 0, alert.severity)
      if (alert.deviceId !== undefined) rowIds.add(alert.deviceId)
    }
    if (page.next === undefined) return { severity, rowIds }
    after = page.next
  }
}

function readCves(tags: readonly string[]): readonly string[] {
  return tags.flatMap((tag) => {
    const match = CVE_TAG.exec(tag)
    return match ? [`CVE-${match[1]}-${match[2]}`] : []
  })
}
