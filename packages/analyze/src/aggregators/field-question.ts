import { parseLucene, type Query } from '@timeskein/query'

/** Events that have a field (`*`), or these words in it as they stand. */
export function askForField(field: string, words: string): Query {
  if (words === '*') return { kind: 'exists', field }
  const escapedField = field.replaceAll(/[\s:()[\]{}"\\/]/g, '\\$&')
  return parseLucene(`${escapedField}:"${words.replaceAll(/["\\]/g, '\\$&')}"`, { defaultOperator: 'and' })
}
