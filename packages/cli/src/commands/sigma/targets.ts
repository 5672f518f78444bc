/** What a rule can be written as; the first is the usual one. */
export const TARGETS = ['query_string', 'dsl', 'sql', 'tree'] as const
export type Target = (typeof TARGETS)[number]
