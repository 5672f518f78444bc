import type { ReadEvent } from '../../event-source.ts'
import { type Analyzer, AnalyzerFailure } from '../analyzer.ts'
import { readEmojiNames } from '../emojis.ts'
import { ruleFlag, ruleObject, ruleText, ruleTexts } from '../rule-members.ts'
import { expressionOfRule, queryOfRule } from '../run-rule.ts'

/** Tags events by rules. Format of a rule: `tags.yaml` of Timesketch 20261014; each rule is an analysis of its own. */
export const tagger: Analyzer = {
  name: 'tagger',
  displayName: 'Tagger',
  description: 'Tags events by rules that a file says',
  dependencies: [],
  listParameters: ({ tagRules }) =>
    Object.entries(tagRules).map(([tag, tag_config]) => ({ tag, tag_config })),
  async run(run) {
    const name = ruleText(run.parameters, 'tag')
    if (name === undefined) throw new AnalyzerFailure('the parameter "tag" is needed: the name of a rule')
    const rule = ruleObject(run.parameters, 'tag_config')
    const given = ruleTexts(rule, 'tags')
    const tags = given.filter((tag) => !tag.startsWith('$'))
    const fields = given.filter((tag) => tag.startsWith('$')).map((tag) => tag.slice(1))
    const emojis = readEmojiNames(ruleTexts(rule, 'emojis'))
    const modifiers = ruleTexts(rule, 'modifiers')
    const matches = readTest(name, rule)
    let count = 0
    for await (const page of run.events.read(queryOfRule(name, rule)))
      for (const event of page) {
        if (!matches(event)) continue
        count += 1
        const values = fields.flatMap((field) => tagsOf(event.get(field), modifiers))
        await run.mark(event, { tags: [...tags, ...values], emojis })
      }
    const isKept = ruleFlag(rule, 'save_search', false) || ruleFlag(rule, 'create_view', false)
    if (isKept && count > 0)
      await run.work.saveSearch({
        name: ruleText(rule, 'search_name') ?? ruleText(rule, 'view_name') ?? name,
        ...searchOf(rule),
      })
    return `${count} events tagged for [${name}]`
  },
}

/** Whether an event's field matches the rule's expression; an event without the field does, as one for which there is none. */
function readTest(name: string, rule: Readonly<Record<string, unknown>>): (event: ReadEvent) => boolean {
  const text = ruleText(rule, 'regular_expression')
  const field = ruleText(rule, 're_attribute')
  if (text === undefined || field === undefined) return () => true
  const expression = expressionOfRule(name, text, ruleTexts(rule, 're_flags'))
  return (event) => {
    const value = event.get(field)
    return typeof value !== 'string' || value === '' || expression.matcher(value).find()
  }
}

/** The tags that a field's value makes, changed as the rule says. */
function tagsOf(value: unknown, modifiers: readonly string[]): readonly string[] {
  let values = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  for (const modifier of modifiers) {
    if (modifier === 'split')
      values = values.flatMap((one) => (typeof one === 'string' ? one.split(/\s+/) : [one]))
    else if (modifier === 'upper')
      values = values.map((one) => (typeof one === 'string' ? one.toUpperCase() : one))
  }
  return values
    .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    .filter((tag) => tag !== '')
}

function searchOf(rule: Readonly<Record<string, unknown>>): { queryString?: string; queryDsl?: string } {
  const queryString = ruleText(rule, 'query_string')
  if (queryString !== undefined) return { queryString }
  const dsl = rule['query_dsl']
  return { queryDsl: typeof dsl === 'string' ? dsl : JSON.stringify(dsl) }
}
