import { readFile } from 'node:fs/promises'
import { readArguments, requireText } from './arguments.ts'
import { CliError } from './cli-error.ts'
import type { Command } from './command.ts'
import { loadAllCommands, loadCommand } from './command-table.ts'
import type { Effects } from './effects.ts'
import { EXIT } from './exit-codes.ts'
import { toCliError } from './failures.ts'
import { formatHelp, formatOverview } from './help.ts'
import { readUntilAborted } from './input/read-until-aborted.ts'
import { ClosedOutputError } from './output/closed-output-error.ts'
import { nameFlags } from './output/name-flags.ts'
import { lines, prose } from './output/prose.ts'
import { showControlCodes } from './output/terminal-text.ts'
import { fillInRemembered } from './place/remembered.ts'

/**
 * Runs one command line.
 *
 * @param args - Without the program's name.
 * @returns The exit code (see `EXIT`); whatever went wrong has been said on standard error.
 */
export async function runCommandLine(args: readonly string[], effects: Effects): Promise<number> {
  try {
    const stdin = readUntilAborted(effects.stdin, effects.signal)
    return await dispatch(args, { ...(effects.isTerminal.out ? showingData(effects) : effects), stdin })
  } catch (error) {
    if (error instanceof ClosedOutputError) return EXIT.ok
    if (effects.signal.aborted) {
      effects.writeError(prose`interrupted; nothing half-done is kept\n`)
      return EXIT.interrupted
    }
    const failure = toCliError(error)
    if (failure) {
      effects.writeError(lines(`skein: ${nameFlags(failure.message)}`.split('\n')))
      return failure.exitCode
    }
    effects.writeError(lines(`skein: a fault of ours: ${describeBug(error, effects)}`.split('\n')))
    return EXIT.failed
  }
}

async function dispatch(args: readonly string[], effects: Effects): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const wanted = rest[0] === undefined ? undefined : await requireCommand(rest[0])
    await effects.writeOut(
      wanted ? formatHelp(wanted) : formatOverview(await loadAllCommands(), await readVersion()),
    )
    return EXIT.ok
  }
  if (name === '--version' || name === 'version') {
    await effects.writeOut(prose`${await readVersion()}\n`)
    return EXIT.ok
  }
  const command = await requireCommand(name)
  const beforeDashes = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (beforeDashes.includes('--help') || beforeDashes.includes('-h')) {
    await effects.writeOut(formatHelp(command))
    return EXIT.ok
  }
  const call = await fillInRemembered(command, readArguments(command, rest), effects)
  // Before a data directory is opened, or made.
  for (const option of command.required ?? []) requireText(call, option, command.name)
  return await command.run(call, effects)
}

async function requireCommand(name: string): Promise<Command> {
  const command = await loadCommand(name)
  if (!command) throw new CliError(`there is no verb "${name}". See: skein --help`, EXIT.usage)
  return command
}

// A person reads what is written for programs: text with its control codes shown, line by line.
function showingData(effects: Effects): Effects {
  return {
    ...effects,
    writeData: async (data) =>
      await effects.writeData(
        typeof data === 'string' ? data.split('\n').map(showControlCodes).join('\n') : data,
      ),
  }
}

async function readVersion(): Promise<string> {
  const manifest: { version: string } = JSON.parse(
    await readFile(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version
}

function describeBug(error: unknown, effects: Effects): string {
  if (effects.env['SKEIN_DEBUG'] !== undefined && error instanceof Error) return error.stack ?? error.message
  const message = error instanceof Error ? error.message : String(error)
  return `${message}\nRun again with SKEIN_DEBUG=1 to see where.`
}
