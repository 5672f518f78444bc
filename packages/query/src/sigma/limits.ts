/** UTF-16 units of one file of rules at most; longer ones are refused before they are read. */
export const MAX_RULE_FILE_LENGTH = 8_000_000
/** Nodes of one YAML document at most, its aliases followed: a small file can mean a large tree. */
export const MAX_YAML_NODES = 100_000
/** Maps and lists within each other at most. */
export const MAX_YAML_DEPTH = 100
/** Texts that the values of one field may stand for (`windash`, placeholders) at most. */
export const MAX_EXPANSION = 10_000
/** Alternatives that the anchors and word boundaries of a regular expression may make of it at most. */
export const MAX_REGEXP_ALTERNATIVES = 256
