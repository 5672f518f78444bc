import { RowSet } from '../../../../text/terms/row-set.ts'
import type { AskContext } from '../ask-context.ts'
import { compileFieldTest } from '../match/test-value.ts'
import type { PlanNode } from '../plan/plan-node.ts'
import { findAnywhere } from './anywhere-rows.ts'
import { findPassingEvents, findTimePart } from './event-rows.ts'
import { findInField } from './field-rows.ts'
import { findAll, findAtLeast, findListed, findSome, type RowFinder } from './row-finder.ts'
import { type SeqList, uniteSeqs } from './seq-list.ts'
import { findRowsInSpan } from './time-rows.ts'
import { findWritten } from './written-rows.ts'

/** Makes the finder of a plan. */
export function makeFinder(node: PlanNode, context: AskContext): RowFinder {
  switch (node.kind) {
    case 'all':
      return (_, within) => within
    case 'none':
      return (segment) => RowSet.none(segment.rowCount)
    case 'and':
      return findAll(
        node.of.map((part) => makeFinder(part, context)),
        context.signal,
      )
    case 'or': {
      const finders = node.of.map((part) => makeFinder(part, context))
      return node.atLeast === 1
        ? findSome(finders, context.signal)
        : findAtLeast(finders, node.atLeast, context.signal)
    }
    case 'not': {
      const find = makeFinder(node.of, context)
      return async (segment, within) => within.andNot(await find(segment, within))
    }
    case 'time':
      return async (segment, within) => within.and(await findRowsInSpan(segment, node.span))
    case 'rows':
      return findListed(Promise.resolve(Uint32Array.from(node.seqs)))
    case 'segment': {
      const passes = compileFieldTest(node.test)
      const { handle } = context
      return (segment, within) =>
        passes(node.value === 'index' ? handle.index : segment.timelineId)
          ? within
          : RowSet.none(segment.rowCount)
    }
    case 'label': {
      let seqs: SeqList = new Uint32Array(0)
      for (const label of context.marks.labels) {
        if (label.name !== node.name) continue
        if (node.sketchId === undefined || label.sketchId === node.sketchId) {
          seqs = uniteSeqs(seqs, label.seqs)
        }
      }
      return findListed(Promise.resolve(seqs))
    }
    case 'field':
      return findInField(node.target, node.test, context)
    case 'written':
      return findWritten(node.target, node.test, context)
    case 'event':
      return findPassingEvents(node.targets, node.test, context)
    case 'time-part':
      return findTimePart(node.test)
    case 'anywhere':
      return findAnywhere(node.test, node.span, context)
  }
}
