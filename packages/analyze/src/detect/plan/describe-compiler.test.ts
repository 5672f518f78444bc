import { readFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { listCompilerFiles } from './describe-compiler.ts'

/** What makes of the texts of rules what is kept of them. */
const MAKERS = ['plan/plan-rules.ts', 'plan/pack-plan.ts', 'rules/read-rule-set.ts', 'rules/pack-rule-set.ts']

it('sums up every file that reads, names or compiles rules; of packages it knows the version', async () => {
  const { files, packages } = await followImports(MAKERS.map((path) => join(import.meta.dirname, '..', path)))
  const summed = new Set(await listCompilerFiles())
  expect([...files].filter((path) => !summed.has(path))).toEqual([])
  expect(files.size).toBeGreaterThan(50)
  expect([...packages]).toEqual(['yaml'])
  expect([...summed].filter((path) => path.includes('.test.'))).toEqual([])
})

/** All files of ours that some import, themselves included, and the packages of others that these import. */
async function followImports(starts: readonly string[]): Promise<{
  readonly files: ReadonlySet<string>
  readonly packages: ReadonlySet<string>
}> {
  const files = new Set(starts)
  const packages = new Set<string>()
  // A set tells also of what is added while it is gone through.
  for (const path of files) {
    const text = await readFile(path, 'utf8')
    for (const [, name = ''] of text.matchAll(/^(?:import|export) (?!type )[^'=]*from '([^']+)'/gm)) {
      if (isBuiltin(name)) continue
      if (name.startsWith('.')) files.add(join(path, '..', name))
      else if (name.startsWith('@timeskein/')) files.add(createRequire(path).resolve(name))
      else packages.add(name)
    }
  }
  return { files, packages }
}
