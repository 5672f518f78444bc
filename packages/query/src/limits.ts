/** UTF-16 units of a question at most; longer ones are refused before they are read. */
export const MAX_QUERY_LENGTH = 1_000_000
/** Groups within groups at most, in every query language, so that no reader of a tree needs a deep stack. */
export const MAX_NESTING_DEPTH = 256
/** Clauses of one question at most, in every query language. */
export const MAX_CLAUSES = 65_536
/** Words of one phrase at most, in every query language: the work on each event grows with them. */
export const MAX_PHRASE_WORDS = 4096
/**
 * Active chips of one question at most: as many clauses as a question of OpenSearch has (`indices.query.bool.max_clause_count`,
 * 1024 unless a cluster says otherwise), beyond which a real server refuses it too.
 */
export const MAX_CHIPS = 1024
/** Aggregations of one request at most, those within others with them: each reads the hits once more. */
export const MAX_AGGREGATIONS = 1024
