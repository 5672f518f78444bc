import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/** Parsers that the evidence is made for; the others only look and go. */
const PARSERS = 'filestat,text,sqlite,winevtx,utmp,lnk,recycle_bin,winjob,jsonl,bodyfile,fish_history'

/** Makes a storage file of a folder of evidence, with tags by Plaso's own rules. */
export async function makeStorage(python: string, evidence: string, storage: string): Promise<void> {
  const log = `${storage}.log`
  const quiet = ['-q', '--status_view', 'none', '--logfile', log]
  await call(python, 'log2timeline', [
    ...quiet,
    '--single_process',
    ...['-z', 'UTC', '--parsers', PARSERS, '--storage_file', storage],
    evidence,
  ])
  const rules = join(await findData(python), 'tag_linux.txt')
  await call(python, 'psort', [
    ...quiet,
    ...['-o', 'null', '--analysis', 'tagging', '--tagging-file', rules, storage],
  ])
}

/** Has psort write a storage file's events as JSON lines. */
export async function exportJsonLines(python: string, storage: string, target: string): Promise<void> {
  const quiet = ['-q', '--status_view', 'none', '--logfile', `${storage}.log`]
  await call(python, 'psort', [...quiet, '-o', 'json_line', '-w', target, storage])
}

/** Has psort's output for Timesketch write the documents that it would send. */
export async function exportDocuments(python: string, storage: string, target: string): Promise<void> {
  const script = join(import.meta.dirname, 'timesketch_documents.py')
  await run(python, [script, storage, target, `${storage}.log`], { maxBuffer: MAX_OUTPUT_BYTES })
}

/** Where the package has its formatters and its message resources. */
export async function findData(python: string): Promise<string> {
  const { stdout } = await run(python, ['-c', 'import plaso; print(plaso.__path__[0])'])
  return join(stdout.trim(), 'data')
}

async function call(python: string, tool: string, args: readonly string[]): Promise<void> {
  await run(join(dirname(python), tool), args, { maxBuffer: MAX_OUTPUT_BYTES })
}
