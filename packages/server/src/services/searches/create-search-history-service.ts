import type { Kysely, Selectable } from 'kysely'
import type { Schema, SearchHistoryRow } from '../../db/schema.ts'
import { writeWithoutSync } from '../../db/sqlite-database.ts'
import type { ServiceContext } from '../service-context.ts'
import type { SearchHistoryNode, SearchHistoryService, SearchHistoryTree } from './search-history-service.ts'
import { type StatePlace, writeState } from './write-state.ts'

/** Latest nodes among which `list` looks for distinct questions. */
const LIST_WINDOW = 100
/** Steps above the latest node at which `tree` begins. */
const TREE_STEPS_UP = 10
/** Most nodes one tree shows. */
const MAX_TREE_NODES = 10_000

/** Search history, kept in the metadata database. */
export function createSearchHistoryService(context: ServiceContext): SearchHistoryService {
  const { db, access } = context

  const changeLabels = async (
    userId: number,
    nodeId: number,
    change: (labels: readonly string[]) => readonly string[],
  ): Promise<void> => {
    if (!Number.isSafeInteger(nodeId)) return
    const node = await findNode(db, nodeId)
    if (node?.userId !== userId) return
    await db
      .updateTable('search_history')
      .set({ labels_json: JSON.stringify(change(node.labels)) })
      .where('id', '=', nodeId)
      .execute()
  }

  const service: SearchHistoryService = {
    async record(principal, sketchId, input) {
      await access.requireSketch(principal, sketchId, 'read')
      const place = { sketchId, userId: principal.userId }
      const now = context.now()
      return await writeWithoutSync(db, async (transaction) => {
        await writeState(transaction, place, input, now)
        const named = input.parentId === undefined ? undefined : await findNode(transaction, input.parentId)
        const parent =
          named && named.sketchId === sketchId && named.userId === principal.userId
            ? named
            : await findLatestNode(transaction, place)
        if (parent && parent.queryString === input.queryString && parent.filterJson === input.filterJson) {
          return parent
        }
        const row = await transaction
          .insertInto('search_history')
          .values({
            sketch_id: sketchId,
            user_id: principal.userId,
            parent_id: parent?.id ?? null,
            description: '',
            query_string: input.queryString,
            filter_json: input.filterJson,
            dsl_json: input.dslJson,
            result_count: input.resultCount,
            query_time_ms: Math.round(input.queryTimeMs),
            labels_json: '[]',
            context_json: JSON.stringify(input.context ?? {}),
            created_at_ms: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        return toNode(row)
      })
    },
    async findLatest(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      return await findLatestNode(db, { sketchId, userId: principal.userId })
    },
    async list(principal, sketchId, { limit = 12, questionId } = {}) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('search_history')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .where('user_id', '=', principal.userId)
        .orderBy('id', 'desc')
        .limit(LIST_WINDOW)
        .execute()
      const distinct = new Map<string, SearchHistoryNode>()
      for (const row of rows) {
        const node = toNode(row)
        if (questionId !== undefined && node.context['question'] !== questionId) continue
        if (!distinct.has(row.query_string)) distinct.set(row.query_string, node)
      }
      return [...distinct.values()].slice(0, Math.max(0, limit))
    },
    async tree(principal, sketchId) {
      const latest = await service.findLatest(principal, sketchId)
      if (!latest) return undefined
      let root = latest
      for (let step = 0; step < TREE_STEPS_UP && root.parentId !== undefined; step++) {
        const parent = await findNode(db, root.parentId)
        if (!parent) break
        root = parent
      }
      const rows = await db
        .selectFrom('search_history')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .where('user_id', '=', principal.userId)
        .where('id', '>=', root.id)
        .orderBy('id')
        .limit(MAX_TREE_NODES)
        .execute()
      return { root: buildTree(root, rows.map(toNode)), lastNodeId: latest.id }
    },
    addLabel: (principal, nodeId, label) =>
      changeLabels(principal.userId, nodeId, (labels) => [...new Set([...labels, label])]),
    removeLabel: (principal, nodeId, label) =>
      changeLabels(principal.userId, nodeId, (labels) => labels.filter((other) => other !== label)),
  }
  return service
}

async function findNode(db: Kysely<Schema>, id: number): Promise<SearchHistoryNode | undefined> {
  const row = await db.selectFrom('search_history').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toNode(row)
}

async function findLatestNode(
  db: Kysely<Schema>,
  { sketchId, userId }: StatePlace,
): Promise<SearchHistoryNode | undefined> {
  const row = await db
    .selectFrom('search_history')
    .selectAll()
    .where('sketch_id', '=', sketchId)
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toNode(row)
}

/** Children have higher ids than their parents, so going backwards every child is finished before its parent. */
function buildTree(root: SearchHistoryNode, nodes: readonly SearchHistoryNode[]): SearchHistoryTree {
  const children = new Map<number, SearchHistoryTree[]>()
  for (const node of nodes.toReversed()) {
    if (node.id === root.id || node.parentId === undefined) continue
    const tree = { node, children: (children.get(node.id) ?? []).toReversed() }
    const siblings = children.get(node.parentId)
    if (siblings) siblings.push(tree)
    else children.set(node.parentId, [tree])
  }
  return { node: root, children: (children.get(root.id) ?? []).toReversed() }
}

function toNode(row: Selectable<SearchHistoryRow>): SearchHistoryNode {
  return {
    id: row.id,
    sketchId: row.sketch_id,
    userId: row.user_id,
    parentId: row.parent_id ?? undefined,
    description: row.description,
    queryString: row.query_string,
    filterJson: row.filter_json,
    dslJson: row.dsl_json,
    resultCount: row.result_count,
    queryTimeMs: row.query_time_ms,
    labels: JSON.parse(row.labels_json) as string[],
    context: JSON.parse(row.context_json) as Record<string, number>,
    createdAtMs: row.created_at_ms,
  }
}
