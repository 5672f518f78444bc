import type { Principal } from '../../auth/principal.ts'

/** One question asked, in the tree of what a user asked in a sketch. */
export interface SearchHistoryNode {
  readonly id: number
  readonly sketchId: number
  readonly userId: number
  readonly parentId: number | undefined
  readonly description: string
  readonly queryString: string
  readonly filterJson: string
  readonly dslJson: string
  readonly resultCount: number
  readonly queryTimeMs: number
  readonly labels: readonly string[]
  /** Ids of what the question was asked for, by kind (`scenario`, `facet`, `question`). */
  readonly context: Readonly<Record<string, number>>
  readonly createdAtMs: number
}

/** A node with what was asked after it. */
export interface SearchHistoryTree {
  readonly node: SearchHistoryNode
  readonly children: readonly SearchHistoryTree[]
}

/** What each user asked in each sketch. */
export interface SearchHistoryService {
  /**
   * Notes a question, and makes it the caller's state of the sketch, in one write. When question and filter equal those of the node
   * before (`parentId`, else the caller's latest), that node is returned and no other is made.
   */
  record(
    principal: Principal,
    sketchId: number,
    input: {
      queryString: string
      filterJson: string
      dslJson: string
      resultCount: number
      queryTimeMs: number
      parentId?: number
      context?: Readonly<Record<string, number>>
    },
  ): Promise<SearchHistoryNode>
  /** The caller's latest node of the sketch. */
  findLatest(principal: Principal, sketchId: number): Promise<SearchHistoryNode | undefined>
  /**
   * The caller's latest, distinct by query string, newest first.
   *
   * @param options.limit - Default 12; of the last 100 nodes.
   * @param options.questionId - Only what was asked for this question.
   */
  list(
    principal: Principal,
    sketchId: number,
    options?: { limit?: number; questionId?: number },
  ): Promise<readonly SearchHistoryNode[]>
  /** The tree from at most 10 steps above the caller's latest node. */
  tree(
    principal: Principal,
    sketchId: number,
  ): Promise<{ root: SearchHistoryTree; lastNodeId: number } | undefined>
  /** Notes what was done with the answer (e.g. `__ts_star`); unknown nodes and other users' are ignored. */
  addLabel(principal: Principal, nodeId: number, label: string): Promise<void>
  removeLabel(principal: Principal, nodeId: number, label: string): Promise<void>
}
