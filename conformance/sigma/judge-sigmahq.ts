import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileSigma, explainRule, printQueryString, printSql } from '@timeskein/query/sigma'
import type { Tally } from './tally.ts'

/** Of all rules, those that are no Sigma 2 included (old aggregations, `near`). */
const LEAST_COMPILED = 0.995

/** The whole SigmaHQ set: how many rules compile, each failure named, and every output can be written. False: there are none. */
export function judgeSigmaHq(archive: string, folder: string, tally: Tally): boolean {
  const unpacked = spawnSync('tar', ['--zstd', '-xf', archive, '-C', folder], { encoding: 'utf8' })
  if (unpacked.status !== 0) {
    tally.skip(`the SigmaHQ rules: tar could not unpack them (${unpacked.stderr.trim()})`)
    return false
  }
  const files = globSync('**/*.yml', { cwd: folder }).sort()
  const sources = files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
  const startMs = performance.now()
  const { ruleCount, rules, failed } = compileSigma(sources)
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  tally.say(`SigmaHQ: ${files.length} files, ${rules.length} of ${ruleCount} rules compiled in ${seconds} s`)
  for (const { file, line, reason } of failed) tally.say(`  not compiled: ${file}:${line}: ${reason}`)
  const share = rules.length / ruleCount
  tally.expect(
    share >= LEAST_COMPILED,
    `at least ${LEAST_COMPILED} of the rules compile, found ${share.toFixed(4)}`,
  )
  const outside = failed.filter(({ file }) => !file.startsWith('unsupported/'))
  tally.expect(
    outside.length === 0,
    `every rule outside of unsupported/ compiles, found ${outside.length} that do not`,
  )
  for (const compiled of rules) {
    const { file } = compiled.rule.place
    tally.expect(
      compiled.query.kind !== 'none' || compiled.placeholders.length > 0,
      `${file} asks for something`,
    )
    tally.expect(explainRule(compiled).length > 3, `${file} can be explained`)
    if (!compiled.expression || compiled.placeholders.length > 0) continue
    tally.expect(
      writes(() => printSql(compiled.expression!)),
      `${file} can be written as SQL`,
    )
    const hasReference = JSON.stringify(compiled.query).includes('"kind":"fields"')
    tally.expect(
      writes(() => printQueryString(compiled.expression!)) !== hasReference,
      `${file} can be written as a query string unless it compares fields`,
    )
  }
  return true
}

function writes(write: () => string): boolean {
  try {
    return write().length > 0
  } catch {
    // Said by the caller, with the file's name.
    return false
  }
}
