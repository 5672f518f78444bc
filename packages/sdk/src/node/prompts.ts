import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { ConfigError } from '../errors/config-error.ts'

/** A question to a person. */
export interface Prompt {
  readonly text: string
  /** What is typed is not shown. */
  readonly isSecret?: boolean
  /** Taken when nothing is typed. */
  readonly default?: string | undefined
}

/** Asks a person. */
export type Ask = (prompt: Prompt) => Promise<string>

/** Asks at the terminal; questions go to standard error. @throws {ConfigError} Where there is no terminal. */
export const askAtTerminal: Ask = async ({ text, isSecret = false, default: fallback }) => {
  if (!process.stdin.isTTY)
    throw new ConfigError(
      `"${text}" must be asked, and there is no terminal: complete the RC file, or give the value`,
    )
  let isMuted = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isMuted) process.stderr.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  try {
    const answer = lines.question(`${text}${fallback === undefined || isSecret ? '' : ` [${fallback}]`}: `)
    isMuted = isSecret
    const typed = (await answer).trim()
    return typed === '' ? (fallback ?? '') : typed
  } finally {
    lines.close()
    if (isSecret) process.stderr.write('\n')
  }
}
