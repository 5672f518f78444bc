import type { ValueColumn } from '@timeskein/store'
import type { DetectRule } from '../contract/rule-set.ts'
import { nearer, type WhyNone } from '../settle/why-none.ts'

/** Most hosts that a report lists of one rule. */
export const MAX_REPORTED_HOSTS = 20

/** What a run has found out of one rule so far. */
export class RuleTally {
  readonly rule: DetectRule
  readonly isReported: boolean
  hits = 0
  spentMs = 0
  firstUs: bigint | undefined
  lastUs: bigint | undefined
  #why: WhyNone | undefined
  readonly #hosts = new Map<string, number>()

  constructor(rule: DetectRule, isReported: boolean) {
    this.rule = rule
    this.isReported = isReported
  }

  /** Why it found nothing, as far as is known. */
  get why(): WhyNone | undefined {
    return this.#why
  }

  noteNone(why: WhyNone): void {
    this.#why = nearer(this.#why, why)
  }

  /** Adds hits, those of `from` and after. */
  addHits(timesUs: BigInt64Array, hosts: ValueColumn | undefined, from = 0): void {
    const perHost = new Int32Array(hosts?.values.length ?? 0)
    for (let at = from; at < timesUs.length; at++) {
      this.#widen(timesUs[at]!)
      const host = hosts?.ids[at] ?? -1
      if (host >= 0) perHost[host]!++
    }
    for (let host = 0; host < perHost.length; host++)
      if (perHost[host]! > 0) this.#addHost(hosts!.values[host]!, perHost[host]!)
    this.hits += Math.max(0, timesUs.length - from)
  }

  /** Adds one hit that stretches over a time. */
  addSpan(firstUs: bigint, lastUs: bigint, hosts: Iterable<string>): void {
    this.hits++
    this.#widen(firstUs)
    this.#widen(lastUs)
    for (const host of hosts) this.#addHost(host, 1)
  }

  /** Hosts with most hits first, and how many there are. */
  listHosts(): {
    readonly hosts: readonly { readonly host: string; readonly hits: number }[]
    readonly hostCount: number
  } {
    const hosts = [...this.#hosts]
      .map(([host, hits]) => ({ host, hits }))
      .sort((a, b) => b.hits - a.hits || (a.host < b.host ? -1 : 1))
    return { hosts: hosts.slice(0, MAX_REPORTED_HOSTS), hostCount: hosts.length }
  }

  #addHost(host: string, hits: number): void {
    this.#hosts.set(host, (this.#hosts.get(host) ?? 0) + hits)
  }

  #widen(timeUs: bigint): void {
    if (this.firstUs === undefined || timeUs < this.firstUs) this.firstUs = timeUs
    if (this.lastUs === undefined || timeUs > this.lastUs) this.lastUs = timeUs
  }
}
