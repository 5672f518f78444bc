import type { ExactJson } from '../../transport/exact-json.ts'
import { isRecord, type WireRecord } from '../wire/record.ts'

/**
 * The rows of an aggregation's answer, wherever they lie in it: each list or object of lists called `buckets`. A row says in
 * `bucket_name` which aggregation it is of.
 */
export function readRows(value: ExactJson, name = ''): readonly WireRecord[] {
  if (Array.isArray(value)) return value.flatMap((one) => readRows(one, name))
  if (!isRecord(value)) return []
  const { buckets } = value
  if (Array.isArray(buckets))
    return flatten(buckets).map((row) => (name === '' ? row : { ...row, bucket_name: name }))
  if (isRecord(buckets)) return toLabelledRows(buckets, value['labels'], name)
  return Object.entries(value).flatMap(([key, inner]) => readRows(inner, key))
}

// A date histogram has a list in its list.
function flatten(buckets: readonly ExactJson[]): readonly WireRecord[] {
  return buckets.flatMap((bucket) =>
    Array.isArray(bucket) ? flatten(bucket) : isRecord(bucket) ? [bucket] : [],
  )
}

// The newer aggregators answer in columns, with the labels of their rows beside.
function toLabelledRows(
  columns: WireRecord,
  labels: ExactJson | undefined,
  name: string,
): readonly WireRecord[] {
  const lists = Object.entries(columns).flatMap(([key, list]) =>
    Array.isArray(list) ? [[key, list] as const] : [],
  )
  const count = Math.max(0, ...lists.map(([, list]) => list.length))
  return Array.from({ length: count }, (_, row) => ({
    ...(Array.isArray(labels) ? { label: labels[row] ?? null } : {}),
    ...Object.fromEntries(lists.map(([key, list]) => [key, list[row] ?? null])),
    bucket_name: name,
  }))
}
