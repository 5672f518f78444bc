import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSystem } from '@timeskein/server'
import { type Evidence, makeEvidence } from './evidence.ts'

/**
 * Works on a data directory until it is killed: imports, tags, and every fifth tag taken back, without end. Of every third import it takes
 * the word that it was accepted, as who uploads many events does, and goes on; what an earlier worker left of those it carries out beside
 * its work. Says on standard output what it begins and what has been acknowledged, one JSON object a line. Arguments: data directory,
 * prefix of the names of its runs.
 */
const [dataDirectory = '', prefix = ''] = process.argv.slice(2)
const SMALL_ROWS = 300
const LARGE_ROWS = 40_000
/** Some time passes until they are imported. */
const ACCEPTED_ROWS = 10_000

const system = await openSystem({ dataDirectory, looksAtUnseenEvents: true })
const { services } = system
const admin = await services.auth.localPrincipal('admin')
const [existing] = (await services.sketches.list(admin, { scope: 'all', perPage: 1 })).sketches
const sketch = existing ?? (await services.sketches.create(admin, { name: 'crash' }))
const folder = join(dataDirectory, 'evidence')
await mkdir(folder, { recursive: true })
say({ is: 'open' })

for (let number = 0; ; number += 1) {
  const run = `${prefix}x${number}`
  if (number % 3 === 2) {
    await accept(makeEvidence(run, ACCEPTED_ROWS))
    continue
  }
  const evidence = makeEvidence(run, number % 4 === 3 ? LARGE_ROWS : SMALL_ROWS)
  const path = join(folder, `${run}.jsonl`)
  await writeFile(path, evidence.text)
  say({ is: 'begin', what: 'import', run, rows: evidence.rowCount })
  const started = await services.imports.start(admin, {
    sketchId: sketch.id,
    timeline: { name: number % 2 === 0 ? 'even' : 'odd' },
    inputs: [{ path }],
  })
  const job = await started.ended
  if (job.status !== 'done') throw new Error(`import ended as ${job.status}: ${job.error}`)
  say({ is: 'done', what: 'import', run, rows: evidence.rowCount })

  say({ is: 'begin', what: 'tag', run, rows: evidence.rowCount })
  const tagged = await services.marks.addTags(admin, sketch.id, [`tag${run}`], {
    query: { kind: 'term', field: 'run.keyword', value: run },
    queryText: `run:${run}`,
  })
  if (tagged.changed !== evidence.rowCount)
    throw new Error(`tagged ${tagged.changed} of ${evidence.rowCount} events of ${run}`)
  say({ is: 'done', what: 'tag', run, rows: evidence.rowCount })

  if (number % 5 === 4) {
    say({ is: 'begin', what: 'undo', run, rows: evidence.rowCount })
    await services.marks.undo(admin, tagged.operationId)
    say({ is: 'done', what: 'undo', run, rows: evidence.rowCount })
  }
}

/** As an upload does it: what came is on the disk before it is accepted. */
async function accept({ run, rowCount, text }: Evidence): Promise<void> {
  const path = join(dataDirectory, 'uploads', `${run}.events`)
  await writeFile(path, text, { flush: true })
  say({ is: 'begin', what: 'import', run, rows: rowCount })
  await services.imports.start(admin, {
    sketchId: sketch.id,
    timeline: { name: 'accepted' },
    inputs: [{ path, name: 'events.jsonl', isTemporary: true }],
    keepKnownRows: true,
    accept: {},
  })
  say({ is: 'done', what: 'import', run, rows: rowCount })
}

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
