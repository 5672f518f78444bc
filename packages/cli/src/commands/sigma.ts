import { CliError } from '../cli-error.ts'
import { type Command, OUTPUT_OPTIONS } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { TARGETS } from './sigma/targets.ts'

const ACTIONS: ReadonlySet<string> = new Set(['check', 'convert', 'explain'])

/** `skein sigma`: rules as files, without any events; needs no data directory. */
export const sigmaCommand: Command = {
  name: 'sigma',
  summary: 'Check, convert and explain Sigma rules.',
  usage: [
    'check PATH... [--strict]',
    `convert PATH... [--to ${TARGETS.join('|')}]`,
    'explain ID|FILE... [--rules PATH]',
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
    json: OUTPUT_OPTIONS['json']!,
  },
  examples: [
    { line: 'skein sigma check rules/', says: 'what of a folder can be used, and why not the rest' },
    { line: 'skein sigma convert rules/ --to query_string --pipeline sysmon', says: 'one query a line' },
    { line: 'skein sigma explain rule.yml', says: 'log source, fields and conditions in words' },
  ],
  async run(call, effects) {
    const [action, ...names] = call.positionals
    if (action === undefined || !ACTIONS.has(action))
      throw new CliError(`check, convert or explain is expected, found "${action ?? ''}"`, EXIT.usage)
    if (names.length === 0) {
      const what = action === 'explain' ? "a file or a rule's id" : 'a file or folder of rules'
      throw new CliError(`skein sigma ${action} needs ${what}. See: skein sigma --help`, EXIT.usage)
    }
    if (action === 'check') return await (await import('./sigma/check.ts')).checkRules(names, call, effects)
    if (action === 'convert')
      return await (await import('./sigma/convert.ts')).convertRules(names, call, effects)
    return await (await import('./sigma/explain.ts')).explainRules(names, call, effects)
  },
}
