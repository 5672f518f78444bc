import type { SigmaRule } from '@timeskein/sdk'
import { readWords } from '../../arguments.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { printListing } from '../../output/listing/print-listing.ts'
import { printResult } from '../../output/print-result.ts'
import { lines } from '../../output/prose.ts'
import { openTimesketch } from '../../timesketch/open-timesketch.ts'
import { DEFAULT_RULE_COLUMNS } from './rule-columns.ts'

/** The Sigma rules that a server or a data directory has. */
export async function listServerRules(call: CommandCall, effects: Effects): Promise<number> {
  const columns = readWords(call, 'columns')
  await using access = await openTimesketch(call, effects, { mustExist: true })
  const rules = await access.timesketch.sigmaRules.list(access.options)
  const rows = rules.map((rule) => ({ ...rule.raw, rule_uuid: rule.uuid, title: rule.title }))
  await printListing(rows, columns.length > 0 ? columns : DEFAULT_RULE_COLUMNS, call, effects)
  return EXIT.ok
}

/** One of them, by its id. */
export async function describeServerRule(uuid: string, call: CommandCall, effects: Effects): Promise<number> {
  await using access = await openTimesketch(call, effects, { mustExist: true })
  const rule = await access.timesketch.sigmaRules.get(uuid, access.options)
  await printResult(rule.raw, lines(tell(rule)), call, effects)
  return EXIT.ok
}

function tell(rule: SigmaRule): readonly string[] {
  return [
    `Title: ${rule.title}`,
    `Author: ${rule.author}`,
    `Status: ${rule.status}`,
    `Rule UUID: ${rule.uuid}`,
    `Search: ${rule.searchQuery ?? ''}`,
  ]
}
