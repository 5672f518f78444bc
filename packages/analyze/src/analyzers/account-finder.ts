import { fieldText } from '../field-text.ts'
import type { Analyzer } from './analyzer.ts'
import { writeReport } from './report.ts'

/** What tags of accounts have in them. */
const ACCOUNT = '-account'

/** Counts the accounts that feature extraction found. */
export const accountFinder: Analyzer = {
  name: 'account_finder',
  displayName: 'Account finder',
  description: 'Lists the accounts that feature extraction found, by where they are accounts',
  dependencies: ['feature_extraction'],
  async run(run) {
    const found = new Map<string, Map<string, number>>()
    const events = run.events.read({
      kind: 'and',
      of: [
        { kind: 'exists', field: 'found_account' },
        { kind: 'exists', field: 'tag' },
      ],
    })
    for await (const page of events)
      for (const event of page) {
        const tags = event.get('tag')
        const account = fieldText(event, 'found_account')
        if (account === undefined) continue
        for (const tag of Array.isArray(tags) ? tags : [tags]) {
          if (typeof tag !== 'string' || !tag.includes(ACCOUNT)) continue
          const counts = found.get(tag) ?? new Map<string, number>()
          counts.set(account, (counts.get(account) ?? 0) + 1)
          found.set(tag, counts)
        }
      }
    if (found.size === 0)
      return writeReport(accountFinder, run, {
        priority: 'NOTE',
        summary: `${accountFinder.displayName} was unable to extract any accounts.`,
      })
    return writeReport(accountFinder, run, {
      priority: 'LOW',
      summary: `${accountFinder.displayName} identified use of the following accounts: ${tell(found)}`,
      tags: [...found.keys()],
    })
  },
}

/** Nested maps as Python prints dictionaries. */
function tell(found: ReadonlyMap<string, ReadonlyMap<string, number>>): string {
  const parts = [...found].map(([tag, counts]) => {
    const accounts = [...counts].map(([account, count]) => `${quote(account)}: ${count}`)
    return `${quote(tag)}: {${accounts.join(', ')}}`
  })
  return `{${parts.join(', ')}}`
}

function quote(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`
}
