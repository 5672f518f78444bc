import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, OUTPUT_OPTIONS } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { LISTING_OPTIONS } from '../output/listing/formats.ts'
import { DEFAULT_RULE_COLUMNS } from './sigma/rule-columns.ts'
import { TARGETS } from './sigma/targets.ts'

const ACTIONS: ReadonlySet<string> = new Set(['check', 'convert', 'explain', 'list', 'describe'])

const NEEDED: Readonly<Record<string, string>> = { explain: "a file or a rule's id", describe: "a rule's id" }

/** `skein sigma`: rules as files, without any events and any data directory; and those that a server or a data directory has. */
export const sigmaCommand: Command = {
  name: 'sigma',
  summary: 'Check, convert and explain Sigma rules.',
  usage: [
    'check PATH... [--strict]',
    `convert PATH... [--to ${TARGETS.join('|')}]`,
    'explain ID|FILE... [--rules PATH]',
    `list [--columns ${DEFAULT_RULE_COLUMNS.join(',')}]`,
    'describe RULE_UUID',
  ],
  options: {
    to: { type: 'string', value: 'LANGUAGE', help: `${TARGETS.join(', ')} (default ${TARGETS[0]})` },
    pipeline: {
      type: 'string',
      short: 'p',
      value: 'NAME|FILE,…',
      help: 'processing pipelines, ours by name or files in the format of pySigma',
    },
    rules: { type: 'string', value: 'PATH,…', help: 'where explain looks for an id' },
    strict: { type: 'boolean', help: 'check: fail when one rule fails, not only when all do' },
    columns: { type: 'string', value: 'A,B', help: 'list: what is told of each rule' },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    { line: 'skein sigma check rules/', says: 'what of a folder can be used, and why not the rest' },
    { line: 'skein sigma convert rules/ --to query_string --pipeline sysmon', says: 'one query a line' },
    { line: 'skein sigma list --profile timesketch', says: 'the rules of a server' },
    { line: 'skein sigma explain rule.yml', says: 'log source, fields and conditions in words' },
  ],
  async run(call, effects) {
    const [action, ...names] = call.positionals
    if (action === undefined || !ACTIONS.has(action))
      throw new CliError(
        `check, convert or explain is expected (or list, describe), found "${action ?? ''}"`,
        EXIT.usage,
      )
    if (action === 'list')
      return await (await import('./sigma/server-rules.ts')).listServerRules(call, effects)
    if (names.length === 0) {
      const what = NEEDED[action] ?? 'a file or folder of rules'
      throw new CliError(`skein sigma ${action} needs ${what}. See: skein sigma --help`, EXIT.usage)
    }
    if (action === 'describe')
      return await (await import('./sigma/server-rules.ts')).describeServerRule(names[0] ?? '', call, effects)
    if (action === 'check') return await (await import('./sigma/check.ts')).checkRules(names, call, effects)
    if (action === 'convert')
      return await (await import('./sigma/convert.ts')).convertRules(names, call, effects)
    return await (await import('./sigma/explain.ts')).explainRules(names, call, effects)
  },
}
