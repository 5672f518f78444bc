/** UTF-16 units of one file of rules at most; longer ones are refused before they are read. */
export const MAX_RULE_FILE_LENGTH = 8_000_000
/** UTF-16 units of one document of such a file at most. */
export const MAX_RULE_LENGTH = 1_000_000
/**
 * Length of a file whose documents act on each other, times their number, at most: each of them may be made of all that stands before
 * it.
 */
export const MAX_COLLECTION_LENGTH = 32_000_000
/** Search identifiers of one rule at most. */
export const MAX_IDENTIFIERS = 1000
/** Search identifiers and patterns that the conditions of one rule name at most; each pattern is held against every identifier. */
export const MAX_CONDITION_LEAVES = 1000
/** Nodes of one YAML document at most, its aliases followed: a small file can mean a large tree. */
export const MAX_YAML_NODES = 100_000
/** Maps and lists within each other at most. */
export const MAX_YAML_DEPTH = 100
/** Texts that the values of one field may stand for (`windash`, placeholders) at most. */
export const MAX_EXPANSION = 10_000
/** Alternatives that the anchors and word boundaries of a regular expression may make of it at most. */
export const MAX_REGEXP_ALTERNATIVES = 256
