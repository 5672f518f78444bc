import type { FileAccount } from '@timeskein/model'
import type { ImportOutcome } from '../import-service.ts'

/** Sentences about what went wrong that are kept. */
const MAX_SENTENCES = 50

/** What the log keeps of the sentences about an import, a line each; undefined when there is none. */
export function joinSentences(
  { problems, refused }: Pick<ImportOutcome, 'problems' | 'refused'>,
  files: readonly FileAccount[],
): string | undefined {
  const sentences = [
    ...problems,
    ...files.flatMap(({ path, remarks = [] }) => remarks.map((remark) => `${path}: ${remark}`)),
    ...refused.map(({ path, reason }) => `${path} was not read: ${reason}.`),
  ]
  const more = sentences.length - MAX_SENTENCES
  const kept = sentences.slice(0, MAX_SENTENCES)
  if (more > 0) kept.push(`There is more to say (${more} sentences), which is not kept.`)
  return kept.join('\n') || undefined
}
