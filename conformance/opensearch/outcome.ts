import type { BucketsAnswer, MetricAnswer } from './aggregation-answer.ts'

/** What an engine made of a question, in a form that both engines' answers are brought to. */
export type Outcome =
  /** Every event that answers, by `uid`. */
  | { readonly kind: 'hits'; readonly total: number; readonly uids: readonly string[] }
  /** Times of a page's events in their order, milliseconds since 1970. */
  | { readonly kind: 'page'; readonly total: number; readonly timesMs: readonly number[] }
  | {
      readonly kind: 'aggregation'
      readonly total: number
      readonly answer: BucketsAnswer | MetricAnswer
    }
  /** The question itself is turned down. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Neither an answer nor a refusal. */
  | { readonly kind: 'broken'; readonly reason: string }

/** A metric computed in another order may differ in its last digits. */
const RELATIVE_TOLERANCE = 1e-9

/** What two outcomes differ in, as lines for people; none when they are the same. */
export function compareOutcomes(ours: Outcome, theirs: Outcome): readonly string[] {
  if (ours.kind === 'refused' && theirs.kind === 'refused') return []
  if (ours.kind === 'refused' || ours.kind === 'broken') {
    const found = 'total' in theirs ? `found ${theirs.total}` : `${theirs.kind}: ${theirs.reason}`
    return [`ours ${ours.kind}: ${ours.reason}; theirs ${found}`]
  }
  if (theirs.kind === 'refused' || theirs.kind === 'broken') {
    return [`theirs ${theirs.kind}: ${theirs.reason}; ours found ${ours.total}`]
  }
  if (ours.total !== theirs.total) return [describeTotals(ours, theirs)]
  if (ours.kind === 'hits' && theirs.kind === 'hits') {
    const wanted = new Set(theirs.uids)
    const isSame = ours.uids.length === wanted.size && ours.uids.every((uid) => wanted.has(uid))
    return isSame ? [] : [describeTotals(ours, theirs)]
  }
  if (ours.kind === 'page' && theirs.kind === 'page') return compareTimes(ours.timesMs, theirs.timesMs)
  if (ours.kind === 'aggregation' && theirs.kind === 'aggregation') {
    return compareAnswers(ours.answer, theirs.answer, '')
  }
  throw new Error(`cannot compare ${ours.kind} with ${theirs.kind}`)
}

/** Events that only one of the engines found. */
export function splitHits(ours: Outcome, theirs: Outcome): { onlyOurs: string[]; onlyTheirs: string[] } {
  const ourUids = new Set(ours.kind === 'hits' ? ours.uids : [])
  const theirUids = new Set(theirs.kind === 'hits' ? theirs.uids : [])
  return {
    onlyOurs: [...ourUids].filter((uid) => !theirUids.has(uid)),
    onlyTheirs: [...theirUids].filter((uid) => !ourUids.has(uid)),
  }
}

function describeTotals(ours: { readonly total: number }, theirs: { readonly total: number }): string {
  return `ours ${ours.total}, theirs ${theirs.total}`
}

function compareTimes(ours: readonly number[], theirs: readonly number[]): string[] {
  if (ours.length !== theirs.length) return [`page of ${ours.length} events, theirs of ${theirs.length}`]
  const at = ours.findIndex((time, index) => time !== theirs[index])
  if (at < 0) return []
  return [
    `event ${at} of the page is of ${new Date(ours[at]!).toISOString()}, theirs of ${new Date(theirs[at]!).toISOString()}`,
  ]
}

function compareAnswers(
  ours: BucketsAnswer | MetricAnswer,
  theirs: BucketsAnswer | MetricAnswer,
  path: string,
): string[] {
  if (ours.kind === 'metric' && theirs.kind === 'metric') return compareFigures(ours, theirs, path)
  if (ours.kind !== 'buckets' || theirs.kind !== 'buckets') {
    return [`${path} is ${ours.kind}, theirs ${theirs.kind}`]
  }
  const lines: string[] = []
  if (ours.otherCount !== theirs.otherCount) {
    lines.push(`${path} other events ${ours.otherCount}, theirs ${theirs.otherCount}`)
  }
  if (ours.interval !== theirs.interval) {
    lines.push(`${path} interval ${ours.interval}, theirs ${theirs.interval}`)
  }
  if (ours.buckets.length !== theirs.buckets.length) {
    lines.push(`${path} ${ours.buckets.length} buckets, theirs ${theirs.buckets.length}`)
  }
  for (const [at, bucket] of ours.buckets.entries()) {
    const other = theirs.buckets[at]
    if (!other) break
    const here = `${path}[${bucket.key}]`
    if (bucket.key !== other.key || bucket.count !== other.count) {
      lines.push(`${path}[${at}] ${bucket.key}: ${bucket.count}, theirs ${other.key}: ${other.count}`)
      break
    }
    for (const [name, inner] of Object.entries(bucket.inner)) {
      const otherInner = other.inner[name]
      if (otherInner) lines.push(...compareAnswers(inner, otherInner, `${here}.${name}`))
      else lines.push(`${here}.${name} is missing in theirs`)
    }
    if (lines.length > 0) break
  }
  return lines
}

function compareFigures(ours: MetricAnswer, theirs: MetricAnswer, path: string): string[] {
  const lines: string[] = []
  for (const [name, value] of Object.entries(theirs.figures)) {
    const own = ours.figures[name] ?? null
    if (!isNear(own, value)) lines.push(`${path} ${name} ${own}, theirs ${value}`)
  }
  return lines
}

function isNear(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b
  return Math.abs(a - b) <= RELATIVE_TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b))
}
