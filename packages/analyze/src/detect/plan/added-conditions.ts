import { compileDocuments, type SigmaRule } from '@timeskein/query/sigma'
import type { PredicateTable } from './predicate.ts'
import { type RuleNode, toRuleNode } from './rule-node.ts'

/** What pipelines put before a rule's own condition: which events are of its log source. Rules of one log source share it. */
export class AddedConditions {
  readonly #table: PredicateTable
  readonly #known = new Map<string, RuleNode | undefined>()

  constructor(table: PredicateTable) {
    this.#table = table
  }

  /**
   * @param rule - As pipelines left it.
   * @param original - As it was written.
   * @returns Undefined where pipelines added nothing.
   */
  plan(rule: SigmaRule, original: SigmaRule): RuleNode | undefined {
    const conditions = listAdded(rule, original)
    if (conditions.length === 0) return undefined
    const names = [...rule.detections.keys()].filter((name) => !original.detections.has(name))
    const detections = new Map(names.map((name) => [name, rule.detections.get(name)!]))
    const key = JSON.stringify([conditions, [...detections]])
    if (this.#known.has(key)) return this.#known.get(key)
    const alone: SigmaRule = {
      ...rule,
      detections,
      conditions: [{ kind: 'and', of: conditions }],
      aggregation: undefined,
      warnings: [],
    }
    const compiled = compileDocuments([alone]).rules[0]
    const node = compiled && toRuleNode(compiled.query, this.#table)
    this.#known.set(key, node)
    return node
  }
}

type Condition = SigmaRule['conditions'][number]

/** `add_condition` joins what it adds with what is there, the added part first. */
function listAdded(rule: SigmaRule, original: SigmaRule): Condition[] {
  const added: Condition[] = []
  for (
    let at: Condition | undefined = rule.conditions[0];
    at?.kind === 'and' && at.of.length === 2;
    at = at.of[1]
  ) {
    const [first] = at.of
    const named = first?.kind === 'not' ? first.of : first
    if (named?.kind !== 'identifier' || original.detections.has(named.name)) break
    added.push(first!)
  }
  return added
}
