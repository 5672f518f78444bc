import { findAll } from '../../expression.ts'
import { AnalyzerFailure, type AnalyzerParameters, type AnalyzerRun } from '../analyzer.ts'
import { readEmojiNames } from '../emojis.ts'
import { ruleFlag, ruleText, ruleTexts } from '../rule-members.ts'
import { expressionOfRule, queryOfRule } from '../run-rule.ts'

/** Name of the way features are found by regular expressions. */
export const REGEX_PLUGIN = 'regex_extraction_plugin'

/** How what was found is put together with what a field has. */
interface Storing {
  readonly asList: boolean
  readonly keepsAll: boolean
  readonly merges: boolean
}

/**
 * Stores what a regular expression finds in a field under another name. Format of a feature: `regex_features.yaml` of Timesketch
 * 20261014.
 */
export async function extractMatches(
  run: AnalyzerRun,
  name: string,
  feature: AnalyzerParameters,
): Promise<string> {
  const field = requireText(name, feature, 'attribute')
  const storeAs = requireText(name, feature, 'store_as')
  const expression = expressionOfRule(name, requireText(name, feature, 're'), ruleTexts(feature, 're_flags'))
  const storing: Storing = {
    asList: ruleFlag(feature, 'store_type_list', false),
    keepsAll: ruleFlag(feature, 'keep_multimatch', false),
    merges: ruleFlag(feature, 'overwrite_and_merge_store_as', false),
  }
  const overwrites = ruleFlag(feature, 'overwrite_store_as', true)
  const tags = ruleTexts(feature, 'tags')
  const emojis = readEmojiNames(ruleTexts(feature, 'emojis'))
  let count = 0
  for await (const page of run.events.read(queryOfRule(name, feature)))
    for (const event of page) {
      const text = textOf(event.get(field))
      const found =
        text === undefined ? [] : [...new Set(findAll(expression, text))].filter((one) => one !== '')
      if (found.length === 0) continue
      count += 1
      const current = event.get(storeAs)
      const isThere = current !== undefined && current !== null && current !== ''
      if (isThere && !overwrites) continue
      const value = joinFound(isThere ? current : undefined, found, storing)
      await run.mark(event, { attributes: { [storeAs]: value }, tags, emojis })
    }
  return `Feature extraction [${name}] extracted ${count} features.`
}

/** A field's value as one text: lists are joined by commas. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(String).join(',')
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

/** What is stored: the first match, or all of them; beside what was there, or instead of it; as text or as a list. */
function joinFound(current: unknown, found: readonly string[], storing: Storing): string | readonly string[] {
  const asList = Array.isArray(current) || (typeof current !== 'string' && storing.asList)
  const fresh = storing.keepsAll ? found : found.slice(0, 1)
  const known =
    !storing.merges || current === undefined
      ? []
      : Array.isArray(current)
        ? current.map(String)
        : String(current).split(',')
  const all = [...new Set([...known, ...fresh])]
  const sorted = storing.keepsAll || asList ? all.toSorted() : all
  return asList ? sorted : sorted.join(',')
}

function requireText(feature: string, members: AnalyzerParameters, name: string): string {
  const text = ruleText(members, name)
  if (text !== undefined) return text
  throw new AnalyzerFailure(`feature ${feature}: its "${name}" is needed`)
}
