import type { SigmaSource } from '@timeskein/query/sigma'

const RULES = 4000
const ACTIONS = ['accepted', 'failed', 'opened', 'closed', 'disconnected'] as const

/** Rules of our own for events of our own, where SigmaHQ's are not there: most look for what no event has. */
export function makeRules(): readonly SigmaSource[] {
  return Array.from({ length: RULES }, (_, number) => {
    const action = ACTIONS[number % ACTIONS.length]!
    const detection = {
      selection: { 'message|contains': [`${action} x${number}`, `tool-${number}.exe`] },
      other: { 'message|contains|all': [action, String(number % 100)] },
      condition: number % 50 === 0 ? '1 of them' : 'selection',
    }
    // JSON is YAML.
    const text = JSON.stringify({ title: `made rule ${number}`, logsource: { category: 'made' }, detection })
    return { file: `made-${number}.yml`, text }
  })
}
