import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { EXIT } from './exit-codes.ts'

const BIN = fileURLToPath(new URL('../bin/skein.js', import.meta.url))

/** Runs `skein` in a process of its own, from a shell that sends its output to `where`. */
function runInShell(where: string, ...args: string[]): number | null {
  return spawnSync('sh', ['-c', `exec "$@" ${where}`, 'sh', process.execPath, BIN, ...args]).status
}

test.skipIf(!existsSync('/dev/full'))('prose that cannot be written does not end the work', () => {
  expect(runInShell('2>/dev/full', 'bogus')).toBe(EXIT.usage)
})

test.skipIf(!existsSync('/dev/full'))('a result that cannot be written is no success', () => {
  expect(runInShell('>/dev/full', '--version')).toBe(EXIT.cannotWrite)
})
