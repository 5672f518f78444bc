import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runSkein } from '../testing/run-skein.ts'

const run = promisify(execFile)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-completion-'))
  for (const shell of ['bash', 'zsh', 'fish'])
    await writeFile(join(folder, shell), (await runSkein(['completion', shell])).out)
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const hasShell = async (shell: string): Promise<boolean> =>
  await run(shell, ['-c', 'true']).then(
    () => true,
    () => false,
  )

const CASES: readonly [line: string, words: readonly string[]][] = [
  ['skein se', ['search', 'serve']],
  ['skein help hi', ['histogram', 'history']],
  ['skein import --da', ['--data', '--day-first']],
  ['skein timeline ', ['list', 'show', 'rename', 'delete', 'describe', 'color']],
  ['skein export --format ', ['csv', 'jsonl', 'parquet', 'arrow']],
  ['skein search x --sort d', ['desc']],
  ['skein completion z', ['zsh']],
]

describe.skipIf(!(await hasShell('bash')))('bash', () => {
  test.each(CASES)('completes "%s"', async (line, words) => {
    const parts = line.split(' ')
    const script = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _skein; echo "\${COMPREPLY[@]}"`
    const { stdout } = await run('bash', ['-c', script, join(folder, 'bash'), ...parts])
    expect(stdout.trim().split(' ').toSorted()).toEqual(words.toSorted())
  })
})

describe.skipIf(!(await hasShell('fish')))('fish', () => {
  test.each(CASES.filter(([line]) => !line.includes('help')))('completes "%s"', async (line, words) => {
    const script = 'source $argv[1]; complete -C $argv[2]'
    const { stdout } = await run('fish', ['--no-config', '-c', script, join(folder, 'fish'), line])
    const found = stdout
      .trim()
      .split('\n')
      .map((text) => text.split('\t')[0])
    expect(found.toSorted()).toEqual(words.toSorted())
  })
})

test.skipIf(!(await hasShell('zsh')))(
  'zsh takes the script, also when its own completion is not on yet',
  async () => {
    const { stdout, stderr } = await run(
      'zsh',
      ['-f', '-c', 'source $1; whence -w _skein', 'zsh', join(folder, 'zsh')],
      {
        env: { ...process.env, HOME: folder },
      },
    )
    expect(stderr).toBe('')
    expect(stdout).toBe('_skein: function\n')
  },
)
