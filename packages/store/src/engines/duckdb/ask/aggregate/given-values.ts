import type { AskContext } from '../ask-context.ts'
import { someValueAt } from '../match/source-values.ts'
import type { PlainValue } from '../match/test-value.ts'
import type { StoredTarget } from '../plan/field-target.ts'
import { findReplaced } from '../rows/marked-rows.ts'
import { cutToSegment, type SeqList } from '../rows/seq-list.ts'
import type { HitGroup } from './hit-groups.ts'

/** Values that marks gave some rows of a field. */
export interface GivenValues {
  readonly values: readonly PlainValue[]
  readonly seqs: SeqList
}

/** The values of a field that attributes brought, those of its own name or of an object around it. */
export function* listGivenValues(
  { name, attributes }: Pick<StoredTarget, 'name' | 'attributes'>,
  { marks }: AskContext,
): Generator<GivenValues, void, undefined> {
  for (const owner of attributes) {
    const path = owner === name ? 'value' : `value.${name.slice(owner.length + 1)}`
    for (const { json, seqs } of marks.attributes.get(owner) ?? []) {
      const values: PlainValue[] = []
      someValueAt({ value: json }, path, (value) => {
        values.push(value)
        return false
      })
      if (values.length > 0) yield { values, seqs }
    }
  }
}

/** The hits whose own values of a field count. */
export function withoutReplaced(target: StoredTarget, { context, hits }: HitGroup): HitGroup {
  if (target.attributes.length === 0 || target.name === 'tag') return { context, hits }
  const replaced = findReplaced(target, context)
  return {
    context,
    hits: hits.map((hit) => ({ ...hit, rows: hit.rows.andNot(cutToSegment(replaced, hit.segment)) })),
  }
}
