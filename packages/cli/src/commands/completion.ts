import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
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
      { line: 'skein completion fish > ~/.config/fish/completions/skein.fish', says: 'for fish' },
    ],
    async run(call, effects) {
      const [shell] = call.positionals
      const commands = await loadAll()
      switch (shell) {
        case 'bash':
          await effects.writeOut(writeBash(commands))
          return EXIT.ok
        case 'zsh':
          await effects.writeOut(
            `#compdef skein\nautoload -U +X bashcompinit && bashcompinit\n${writeBash(commands)}`,
          )
          return EXIT.ok
        case 'fish':
          await effects.writeOut(writeFish(commands))
          return EXIT.ok
        default:
          throw new CliError(`bash, zsh or fish is expected, found "${shell ?? ''}"`, EXIT.usage)
      }
    },
  }
}

function writeBash(commands: readonly Command[]): string {
  const cases = commands.map(
    (command) =>
      `    ${command.name}) words="${Object.keys(command.options)
        .map((name) => `--${name}`)
        .join(' ')} --help" ;;`,
  )
  return `_skein() {
  local words
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map((command) => command.name).join(' ')} help"
    COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[1]}"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="--help" ;;
  esac
  case "\${COMP_WORDS[COMP_CWORD]}" in
    -*) COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
  esac
}
complete -o default -F _skein skein
`
}

function writeFish(commands: readonly Command[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = commands.flatMap((command) => [
    `complete -c skein -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`,
    ...Object.entries(command.options).map(
      ([name, option]) =>
        `complete -c skein -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${option.type === 'string' ? ' -r' : ''} -d ${quote(option.help)}`,
    ),
  ])
  return `${lines.join('\n')}\n`
}
