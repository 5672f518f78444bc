import { MAX_RULE_FILE_LENGTH } from '../limits.ts'
import type { SigmaSource } from '../rule/parse-documents.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { memberOf } from '../yaml/yaml-node.ts'

/** What rules, correlations, filters and collections of them have, and pipelines have not. */
const RULE_MEMBERS = ['detection', 'correlation', 'filter', 'logsource', 'action'] as const
/** Files without one of these words are not read: most files of a folder of rules are rules. */
const PIPELINE_WORDS = /\b(?:transformations|vars|priority)\b/

/** Whether a file is a processing pipeline, and no file of rules; it may be a broken one. */
export function isPipeline({ text }: SigmaSource): boolean {
  if (text.length > MAX_RULE_FILE_LENGTH || !PIPELINE_WORDS.test(text)) return false
  const root = readYaml(text).find((document) => document.root)?.root
  const has = (name: string): boolean => memberOf(root, name) !== undefined
  if (RULE_MEMBERS.some(has)) return false
  return has('transformations') || has('vars') || (has('name') && has('priority'))
}
