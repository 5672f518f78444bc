import type { Query } from '@timeskein/query'
import { RowSet } from '../../../../text/terms/row-set.ts'
import type { AskContext } from '../ask-context.ts'
import type { FieldTest } from '../match/field-test.ts'
import { type FieldTarget, resolveField } from '../plan/field-target.ts'
import { planQuery } from '../plan/plan.ts'
import type { PlanNode } from '../plan/plan-node.ts'
import { findInField } from '../rows/field-rows.ts'
import { makeFinder } from '../rows/find-rows.ts'
import type { RowFinder } from '../rows/row-finder.ts'
import { catalogueOf } from '../scope-hits.ts'
import type { DateRounding } from './date-buckets.ts'

/** Which hits are in a bucket: a plan, or a test of a field's values. */
export type BucketRows = PlanNode | { readonly field: string; readonly test: FieldTest }

/** Finds the rows of a bucket. */
export function bucketFinder(rows: BucketRows): (context: AskContext) => RowFinder {
  if ('kind' in rows) return (context) => makeFinder(rows, context)
  const { field, test } = rows
  return (context) => {
    const target = resolveIn(field, context)
    switch (target.kind) {
      case 'stored':
        return findInField(target, test, context)
      case 'segment':
        return makeFinder({ kind: 'segment', value: target.value, test }, context)
      case 'time': {
        const number = test.number
        const ms = target.unit === 'date' ? 1000 : 1
        return makeFinder(
          spanNodeUs(Number(number?.gte) * ms, Number(number?.lt ?? Number(number?.lte) + 1) * ms),
          context,
        )
      }
      case 'id':
        return (segment) => RowSet.none(segment.rowCount)
    }
  }
}

/** Finds the rows that answer a question. */
export function queryFinder(query: Query): (context: AskContext) => RowFinder {
  return (context) => makeFinder(planQuery(query, catalogueOf(context, Date.now())), context)
}

/** What a field of this name is in one index. */
export function resolveIn(field: string, context: AskContext): FieldTarget {
  return resolveField(field, catalogueOf(context, 0))
}

/** The rows of a stretch that begins at a rounded time. */
export function timeNode(key: string | number, rounding: DateRounding): PlanNode {
  return spanNode(Number(key), rounding.next(Number(key)))
}

/** The rows from one time to another, which is not among them. */
export function spanNode(startMs: number, endMs: number): PlanNode {
  return spanNodeUs(startMs * 1000, endMs * 1000)
}

function spanNodeUs(start: number, end: number): PlanNode {
  return { kind: 'time', span: { startUs: BigInt(start), endUs: BigInt(end) } }
}
