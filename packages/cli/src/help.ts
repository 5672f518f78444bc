import type { Command } from './command.ts'
import { lines as joinLines, type Prose } from './output/prose.ts'

/** The help of one verb: usage, options, examples. */
export function formatHelp(command: Command): Prose {
  const lines = [command.summary, '']
  for (const [place, usage] of command.usage.entries())
    lines.push(
      `${place === 0 ? 'Usage: ' : '       '}skein ${command.name}${usage === '' ? '' : ` ${usage}`}`,
    )
  const options = Object.entries(command.options)
  if (options.length > 0) {
    lines.push('', 'Options:')
    const names = options.map(([name, option]) => {
      const short = option.short ? `-${option.short}, ` : '    '
      return `  ${short}--${name}${option.value ? ` ${option.value}` : ''}`
    })
    const width = Math.max(...names.map((name) => name.length)) + 2
    for (const [place, [, option]] of options.entries())
      lines.push(`${(names[place] ?? '').padEnd(width)}${option.help}`)
  }
  if (command.examples.length > 0) {
    lines.push('', 'Examples:')
    for (const example of command.examples) lines.push(`  ${example.line}`, `      ${example.says}`)
  }
  return joinLines(lines)
}

/** The list of verbs. */
export function formatOverview(commands: readonly Command[], version: string): Prose {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2
  const lines = [
    `skein ${version}: security investigations on one timeline`,
    '',
    'Usage: skein VERB [arguments]    skein VERB --help',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}${command.summary}`),
    '',
    'First steps:',
    '  skein import evidence.csv --sketch case',
    '  skein search "powershell AND encodedcommand" --sketch case',
    '  skein serve',
  ]
  return joinLines(lines)
}
