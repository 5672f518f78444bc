import type { CorrelationHit, DetectRule, Hits, RuleHits } from '@timeskein/analyze'
import { formatEventId } from '@timeskein/store'
import {
  type AlertDraft,
  type AlertSpan,
  type Evidence,
  MAX_EVIDENCE,
  makeDetectionKey,
} from '../alerts/alert-service.ts'
import { RowCollector } from './row-collector.ts'
import { severityOf } from './severity.ts'

/** Hits of one rule on one host within one day (UTC) are one alert. */
export const ALERT_WINDOW_US: bigint = 86_400_000_000n
/** Alerts that one rule makes in one run; what is beyond is counted in one more, without a host. */
export const MAX_ALERTS_PER_RULE = 1000

interface Draft {
  readonly rule: DetectRule
  readonly host: string | undefined
  account: string | undefined
  readonly group: Readonly<Record<string, string>>
  readonly spans: Map<number, AlertSpan>
  readonly evidence: Evidence[]
  /** Of a correlation, which tells all that there is of a group: the rows counted, by index. */
  readonly counted: Map<string, Set<number>>
  /** Of what is beyond `MAX_ALERTS_PER_RULE`: a look tells those groups only that have something new. */
  readonly isRest: boolean
  isNew: boolean
}

/** Gathers what a run of detection finds: which events get which tags, and which alerts follow. */
export class HitCollector {
  readonly #sketchId: number
  /** Tag -> index -> rows. */
  readonly #tags = new Map<string, Map<string, RowCollector>>()
  readonly #drafts = new Map<string, Draft>()
  readonly #alertsOfRule = new Map<string, number>()

  constructor(sketchId: number) {
    this.#sketchId = sketchId
  }

  /** Takes hits as the engine gives them. */
  add(hits: Hits): void {
    if (hits.kind === 'rule') this.#addRuleHits(hits)
    else this.#addCorrelation(hits)
  }

  /** Tags: title and level of the rules, and their tags of ATT&CK; with their rows in each index, ascending. */
  listTags(): ReadonlyMap<string, ReadonlyMap<string, Uint32Array>> {
    const tags = new Map<string, Map<string, Uint32Array>>()
    for (const [tag, byIndex] of this.#tags)
      tags.set(tag, new Map([...byIndex].map(([index, rows]) => [index, rows.toRows()])))
    return tags
  }

  /** The alerts that follow. */
  listAlerts(): readonly AlertDraft[] {
    const drafts = [...this.#drafts].filter(([, { isNew }]) => isNew)
    return drafts.map(([sourceKey, draft]) => {
      const { rule, host, account, group, spans, evidence, counted, isRest } = draft
      const [timelineId] = spans.keys()
      return {
        sourceKey,
        source: 'detection',
        sketchId: this.#sketchId,
        ...(timelineId === undefined ? {} : { timelineId }),
        ruleUuid: rule.key,
        title: rule.title,
        description: rule.description ?? '',
        severity: severityOf(rule.level),
        ...(host === undefined ? {} : { host }),
        ...(account === undefined ? {} : { account }),
        spans,
        ...(counted.size > 0 && !isRest ? { tellsAll: true } : {}),
        evidence,
        tags: rule.tags,
        group,
      }
    })
  }

  #addRuleHits({ rule, index, seqs, timesUs, timelineIds, columns }: RuleHits): void {
    this.#tag(rule, index, seqs)
    const { host, account } = columns
    // Of this piece: values have numbers, so that a hit costs no text.
    const known = new Map<number, Draft>()
    let dayStart = 0n
    let dayEnd = 0n
    let day = 0
    for (let at = 0; at < seqs.length; at++) {
      const timeUs = timesUs[at]!
      if (timeUs < dayStart || timeUs >= dayEnd) {
        ;[dayStart, dayEnd] = dayOf(timeUs)
        day = Number(dayStart / ALERT_WINDOW_US)
      }
      const hostId = host?.ids[at] ?? -1
      const key = day * 4_294_967_296 + hostId
      let draft = known.get(key)
      if (!draft) {
        const name = hostId < 0 ? undefined : host?.values[hostId]
        draft = this.#draftOf(rule, name, dayStart, {})
        draft.isNew = true
        known.set(key, draft)
      }
      addToSpan(draft.spans, timelineIds[at]!, timeUs)
      if (draft.evidence.length < MAX_EVIDENCE)
        draft.evidence.push({ index, id: formatEventId(index, seqs[at]!) })
      const accountId = account?.ids[at] ?? -1
      if (draft.account === undefined && accountId >= 0) draft.account = account?.values[accountId]
    }
  }

  #addCorrelation({ rule, group, firstUs, events, isNew }: CorrelationHit): void {
    const [first] = events
    if (!first) return
    if (isNew) {
      for (const [index, own] of Map.groupBy(events, (event) => event.index))
        this.#tag(
          rule,
          index,
          Uint32Array.from(own, ({ seq }) => seq),
        )
    }
    const shared = (name: string): string | undefined => {
      const values = new Set(events.map(({ columns }) => columns[name]))
      return values.size === 1 ? first.columns[name] : undefined
    }
    const draft = this.#draftOf(rule, shared('host'), dayOf(firstUs)[0], group)
    draft.account ??= shared('account')
    draft.isNew ||= isNew
    for (const { index, seq, timelineId, timeUs } of events) {
      const counted = draft.counted.get(index) ?? new Set()
      if (counted.has(seq)) continue
      draft.counted.set(index, counted.add(seq))
      addToSpan(draft.spans, timelineId, timeUs)
      if (draft.evidence.length < MAX_EVIDENCE) draft.evidence.push({ index, id: formatEventId(index, seq) })
    }
  }

  #tag(rule: DetectRule, index: string, rows: Uint32Array): void {
    const tags = rule.tags.filter((tag) => tag.startsWith('attack.'))
    for (const tag of new Set([rule.title, ...(rule.level === undefined ? [] : [rule.level]), ...tags])) {
      let byIndex = this.#tags.get(tag)
      if (!byIndex) {
        byIndex = new Map()
        this.#tags.set(tag, byIndex)
      }
      let collector = byIndex.get(index)
      if (!collector) {
        collector = new RowCollector()
        byIndex.set(index, collector)
      }
      collector.add(rows)
    }
  }

  #draftOf(
    rule: DetectRule,
    host: string | undefined,
    dayStart: bigint,
    group: Readonly<Record<string, string>>,
  ): Draft {
    const name = host?.toLowerCase()
    const parts = [this.#sketchId, rule.key]
    const groupParts = Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1))
    const key = makeDetectionKey([...parts, name ?? null, String(dayStart), ...groupParts])
    const known = this.#drafts.get(key)
    if (known) return known
    const count = this.#alertsOfRule.get(rule.key) ?? 0
    if (count < MAX_ALERTS_PER_RULE) {
      this.#alertsOfRule.set(rule.key, count + 1)
      return this.#open(key, { rule, host: name, group, isRest: false })
    }
    const rest = makeDetectionKey([...parts, 'rest'])
    return this.#drafts.get(rest) ?? this.#open(rest, { rule, host: undefined, group: {}, isRest: true })
  }

  #open(key: string, content: Pick<Draft, 'rule' | 'host' | 'group' | 'isRest'>): Draft {
    const draft: Draft = {
      ...content,
      account: undefined,
      spans: new Map(),
      evidence: [],
      counted: new Map(),
      isNew: false,
    }
    this.#drafts.set(key, draft)
    return draft
  }
}

/** The day of a moment, its start and end. */
function dayOf(timeUs: bigint): readonly [start: bigint, end: bigint] {
  const rest = ((timeUs % ALERT_WINDOW_US) + ALERT_WINDOW_US) % ALERT_WINDOW_US
  return [timeUs - rest, timeUs - rest + ALERT_WINDOW_US]
}

function addToSpan(spans: Map<number, AlertSpan>, timelineId: number, timeUs: bigint): void {
  const span = spans.get(timelineId) as { count: number; firstUs: bigint; lastUs: bigint } | undefined
  if (!span) {
    spans.set(timelineId, { count: 1, firstUs: timeUs, lastUs: timeUs })
    return
  }
  span.count++
  if (timeUs < span.firstUs) span.firstUs = timeUs
  if (timeUs > span.lastUs) span.lastUs = timeUs
}
