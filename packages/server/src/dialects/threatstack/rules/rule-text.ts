import {
  type ThreatStackRuleTags,
  threatStackRuleDraftSchema,
  threatStackRuleTagsSchema,
} from '@timeskein/model/threatstack'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import { type Filter, parseFilter } from '../filter/parse-filter.ts'
import { type Detection, toDetection } from '../filter/to-detection.ts'
import { toLevel } from '../wire/severity.ts'

/** The member of a rule's YAML that keeps what Threat Stack says of it and Sigma has no word for. */
const OWN_MEMBER = 'threatstack'

/** Product in the log source of rules that are made here. */
export const RULE_PRODUCT = 'threatstack'

/** What is kept of a rule that was made here. */
export type RuleDraft = z.output<typeof threatStackRuleDraftSchema>

const ownSchema = z.object({
  rule: threatStackRuleDraftSchema.optional(),
  tags: threatStackRuleTagsSchema.optional(),
})
/** What Threat Stack says of a rule of the library: all of it, or only which machines it is for. */
export interface OwnPart {
  readonly rule?: RuleDraft | undefined
  readonly tags?: ThreatStackRuleTags | undefined
}

/**
 * A rule as Sigma, which detection runs: its filter is the detection, its suppressions are exceptions of that.
 *
 * @throws {DomainError} `invalid` (`bad-filter`, `bad-rule`).
 */
export function writeRule(uuid: string, rule: RuleDraft, tags?: ThreatStackRuleTags): string {
  return stringify({
    title: rule.title,
    id: uuid,
    status: 'stable',
    description: rule.alertDescription,
    logsource: { product: RULE_PRODUCT, service: rule.type.toLowerCase() },
    detection: detect(rule),
    level: toLevel(rule.severityOfAlerts),
    [OWN_MEMBER]: { rule, ...(tags ? { tags } : {}) },
  })
}

/** What Threat Stack says of a rule of the library; nothing of those that came from elsewhere. */
export function readOwnPart(text: string): OwnPart {
  if (!text.includes(OWN_MEMBER)) return {}
  try {
    const whole = parse(text) as Readonly<Record<string, unknown>> | null
    return ownSchema.safeParse(whole?.[OWN_MEMBER] ?? {}).data ?? {}
  } catch {
    // A collection of several documents is none that was made here.
    return {}
  }
}

/** The text of a rule from elsewhere with what Threat Stack says of it beside. */
export function addOwnPart(text: string, part: OwnPart): string {
  const whole = parse(text) as unknown
  if (typeof whole !== 'object' || whole === null)
    throw invalid('bad-rule', 'The rule is one of a collection, which is changed as a whole.')
  return stringify({ ...whole, [OWN_MEMBER]: part })
}

function detect(rule: RuleDraft): Detection {
  const filter = rule.filter.trim() === '' ? filterOfPaths(rule) : parseFilter(rule.filter)
  return toDetection(filter, rule.suppressions.map(parseFilter))
}

/** A rule about files may say no more than which. */
function filterOfPaths({
  type,
  fileIntegrityPaths = [],
  ignoreFiles = [],
  eventsToMonitor = [],
}: RuleDraft): Filter {
  if (type !== 'File' || fileIntegrityPaths.length === 0)
    throw invalid(
      'bad-rule',
      `A rule of the type ${type} needs a filter${type === 'File' ? ' or fileIntegrityPaths' : ''}.`,
    )
  const anyOf = (of: readonly Filter[]): Filter => (of.length === 1 ? of[0]! : { kind: 'or', of })
  const parts: Filter[] = [
    anyOf(
      fileIntegrityPaths.map(
        ({ path, recursive }): Filter => ({
          kind: 'compare',
          field: 'filename',
          operator: recursive ? 'starts_with' : '=',
          values: [path],
        }),
      ),
    ),
  ]
  if (ignoreFiles.length > 0)
    parts.push({
      kind: 'not',
      of: { kind: 'compare', field: 'filename', operator: 'in', values: ignoreFiles },
    })
  if (eventsToMonitor.length > 0 && !eventsToMonitor.includes('ALL'))
    parts.push({ kind: 'compare', field: 'event_type', operator: 'in', values: eventsToMonitor })
  return parts.length === 1 ? parts[0]! : { kind: 'and', of: parts }
}
