import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { printListing } from '../../output/listing/print-listing.ts'
import { openOutputFile } from '../../output/output-file.ts'
import { printResult } from '../../output/print-result.ts'
import { prose } from '../../output/prose.ts'
import { openSketch, type SketchAccess } from '../../timesketch/open-sketch.ts'
import type { SketchAction } from './actions.ts'

/** Carries one out on the sketch of that name or id. @throws {CliError} When it cannot be done as things stand. */
export async function runSketchAction(
  action: SketchAction,
  nameOrId: string,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const labels = call.positionals.slice(2)
  if ((action === 'label' || action === 'unlabel') && labels.length === 0)
    throw new CliError(`skein sketch ${action} needs a label. See: skein sketch --help`, EXIT.usage)
  const out = call.text('out')
  if (action === 'export' && out === undefined)
    throw new CliError('--out is needed: where the ZIP goes. See: skein sketch --help', EXIT.usage)
  await using access = await openSketch(call, effects, nameOrId)
  const { sketch, options, summary } = access
  switch (action) {
    case 'archive':
    case 'unarchive': {
      const { isArchived } = await sketch.archive.get(options)
      if (isArchived === (action === 'archive'))
        throw new CliError(
          `sketch ${sketch.id} is ${isArchived ? 'archived already' : 'not archived'}`,
          EXIT.badInput,
        )
      await sketch.archive[action](options)
      const done = action === 'archive' ? 'archived' : 'taken out of the archive'
      await printResult({ [`${action}d`]: sketch.id }, prose`sketch ${sketch.id} is ${done}\n`, call, effects)
      return EXIT.ok
    }
    case 'export':
      await writeExport(access, out ?? '', effects)
      await printResult(
        { path: out, sketch: sketch.id },
        prose`${summary.name} is written to ${out ?? ''}\n`,
        call,
        effects,
      )
      return EXIT.ok
    case 'label':
    case 'unlabel':
      await (action === 'label' ? sketch.addLabels(labels, options) : sketch.removeLabels(labels, options))
      break
    case 'labels':
      break
    default:
      return action satisfies never
  }
  const rows = (await sketch.get(options)).labels.map((label) => ({ label }))
  await printListing(rows, ['label'], call, effects)
  return EXIT.ok
}

async function writeExport({ sketch, options }: SketchAccess, path: string, effects: Effects): Promise<void> {
  if (path === '-') {
    for await (const part of await sketch.archive.download(options)) await effects.writeData(part)
    return
  }
  const file = await openOutputFile(path)
  try {
    await sketch.archive.toFile(Writable.toWeb(createWriteStream(file.path)), options)
    await file.finish()
  } catch (error) {
    await file.discard()
    throw error
  }
}
