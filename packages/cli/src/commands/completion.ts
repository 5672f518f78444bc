import { CliError } from '../cli-error.ts'
import type { Command, OptionSpec } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** The verb that prints completion scripts; it needs to know all verbs. */
export function createCompletionCommand(loadAll: () => Promise<readonly Command[]>): Command {
  return {
    name: 'completion',
    summary: 'Print a completion script for a shell.',
    usage: ['bash|zsh|fish'],
    options: {},
    examples: [
      {
        line: 'source <(skein completion bash)',
        says: 'for this shell; put the line into ~/.bashrc for all',
      },
      { line: 'source <(skein completion zsh)', says: 'for zsh; in ~/.zshrc for all' },
      { line: 'skein completion fish | source', says: 'for fish; in ~/.config/fish/config.fish for all' },
    ],
    async run(call, effects) {
      const [shell] = call.positionals
      const commands = await loadAll()
      switch (shell) {
        case 'bash':
          await effects.writeData(writeBash(commands))
          return EXIT.ok
        case 'zsh':
          await effects.writeData(writeZsh(commands))
          return EXIT.ok
        case 'fish':
          await effects.writeData(writeFish(commands))
          return EXIT.ok
        default:
          throw new CliError(`bash, zsh or fish is expected, found "${shell ?? ''}"`, EXIT.usage)
      }
    },
  }
}

/** What may follow a verb in its first place: `list` of `skein sketch list`; told by its usage. */
function listActions(command: Command): readonly string[] {
  return command.usage.flatMap((line) => listWords(line.split(' ')[0] ?? ''))
}

/** What an option takes, where that is one of a few words: `asc` and `desc` of `asc|desc`. */
function listValues(option: OptionSpec): readonly string[] {
  return option.type === 'string' && option.value?.includes('|') ? listWords(option.value) : []
}

function listWords(text: string): readonly string[] {
  return /^[a-z]+(?:\|[a-z]+)*$/.test(text) ? text.split('|') : []
}

function listOptions(command: Command): readonly [name: string, option: OptionSpec][] {
  return [...Object.entries(command.options), ['help', { type: 'boolean', short: 'h', help: 'say more' }]]
}

function writeBash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const options = listOptions(command)
    const values = options.flatMap(([name, option]) => {
      const words = listValues(option)
      return words.length === 0 ? [] : [`--${name}) words="${words.join(' ')}" ;;`]
    })
    const actions = listActions(command).join(' ')
    return [
      `    ${command.name})`,
      `      case "$word" in -*) words="${options.map(([name]) => `--${name}`).join(' ')}" ;; esac`,
      ...(actions === '' ? [] : [`      [ "$COMP_CWORD" -eq 2 ] && [ -z "$words" ] && words="${actions}"`]),
      ...(values.length === 0 ? [] : [`      case "$before" in ${values.join(' ')} esac`]),
      '      ;;',
    ].join('\n')
  })
  return `_skein() {
  local words="" word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map((command) => command.name).join(' ')} help"
  else case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    help) words="${commands.map((command) => command.name).join(' ')}" ;;
  esac fi
  [ -n "$words" ] && COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _skein skein
`
}

// zsh runs the script for bash; it needs its own completion to be on for that.
function writeZsh(commands: readonly Command[]): string {
  return `#compdef skein
(( $+functions[compdef] )) || { autoload -U compinit && compinit -i }
autoload -U +X bashcompinit && bashcompinit
${writeBash(commands)}`
}

function writeFish(commands: readonly Command[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = commands.flatMap((command) => {
    const seen = `__fish_seen_subcommand_from ${command.name}`
    const actions = listActions(command).join(' ')
    return [
      `complete -c skein -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`,
      ...(actions === ''
        ? []
        : [
            `complete -c skein -n '${seen}; and not __fish_seen_subcommand_from ${actions}' -f -a ${quote(actions)}`,
          ]),
      ...listOptions(command).map(([name, option]) => {
        const values = listValues(option)
        const takes =
          values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : option.type === 'string' ? ' -r' : ''
        const short = option.short === undefined ? '' : ` -s ${option.short}`
        return `complete -c skein -n '${seen}' -l ${name}${short}${takes} -d ${quote(option.help)}`
      }),
    ]
  })
  return `${lines.join('\n')}\n`
}
