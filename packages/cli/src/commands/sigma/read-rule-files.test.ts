import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { readRuleFiles } from './read-rule-files.ts'

// Making links is for administrators on Windows.
test.skipIf(process.platform === 'win32')(
  'links to rules and folders are not followed, which is told; what a path itself leads to is read',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'skein-rules-'))
    try {
      await mkdir(join(folder, 'set', 'deeper'), { recursive: true })
      await mkdir(join(folder, 'other'))
      await writeFile(join(folder, 'other', 'rule.yml'), 'title: other')
      await writeFile(join(folder, 'set', 'deeper', 'own.yml'), 'title: own')
      await symlink('..', join(folder, 'set', 'loop'))
      await symlink(join(folder, 'other', 'rule.yml'), join(folder, 'set', 'linked.yml'))
      await symlink('round.yml', join(folder, 'set', 'round.yml'))
      await symlink(join(folder, 'other', 'rule.yml'), join(folder, 'set', 'no-rule.txt'))
      await symlink(join(folder, 'set'), join(folder, 'alias'))
      const { sources, unreadable } = await readRuleFiles(
        [join(folder, 'alias'), join(folder, 'set', 'linked.yml')],
        new AbortController().signal,
      )
      const name = (file: string): string => relative(folder, file)
      expect(sources.map(({ file, text }) => [name(file), text])).toEqual([
        ['alias/deeper/own.yml', 'title: own'],
        ['set/linked.yml', 'title: other'],
      ])
      expect(unreadable.map(({ file }) => name(file))).toEqual([
        'alias/linked.yml',
        'alias/loop',
        'alias/round.yml',
      ])
      expect(unreadable[0]!.reason).toContain('symbolic link')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)
