import type {
  SearchHistoryNode,
  SearchHistoryTree,
} from '../../../services/searches/search-history-service.ts'
import { httpDate } from './dates.ts'

/** A question asked. */
export function marshalSearchNode(node: SearchHistoryNode): Record<string, unknown> {
  return {
    id: node.id,
    description: node.description || null,
    query_result_count: node.resultCount,
    query_time: node.queryTimeMs,
    labels: node.labels,
    created_at: httpDate(node.createdAtMs),
    parent: node.parentId ?? null,
    query_string: node.queryString,
    query_filter: node.filterJson,
    query_dsl: node.dslJson || null,
    scenario: node.context['scenario'] ?? null,
    facet: node.context['facet'] ?? null,
    question: node.context['question'] ?? null,
    children: [],
  }
}

/** A question with those asked after it. The depth is bounded by the service. */
export function marshalSearchTree(tree: SearchHistoryTree): Record<string, unknown> {
  return { ...marshalSearchNode(tree.node), children: tree.children.map(marshalSearchTree) }
}
