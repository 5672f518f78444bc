/** What is told of a rule in a list, unless `--columns` says otherwise. */
export const DEFAULT_RULE_COLUMNS = ['rule_uuid', 'title'] as const
