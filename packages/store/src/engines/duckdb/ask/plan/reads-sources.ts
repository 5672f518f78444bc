import type { TextTest } from '../match/field-test.ts'
import type { PlanNode } from './plan-node.ts'

/** Whether rows may have to be read from their source before it is known that they answer: a segment can take seconds then. */
export function readsSources(node: PlanNode): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.of.some(readsSources)
    case 'not':
      return readsSources(node.of)
    case 'event':
      return true
    case 'field':
    case 'anywhere':
      return node.test.text !== undefined && textReads(node.test.text)
    default:
      return false
  }
}

function textReads(test: TextTest): boolean {
  if (test.kind === 'either') return test.of.some(textReads)
  return test.kind === 'phrase' || (test.kind === 'whole' && test.maxUnits === Number.POSITIVE_INFINITY)
}
