import type { ArtefactFormat } from '../artefacts/artefact-format.ts'
import type { ArtefactRecord, ArtefactSink } from '../artefacts/artefact-sink.ts'
import { isLnk, type LnkFields, readLnk } from './lnk.ts'

/** Times of the file that a shortcut points to, when it was made or used. */
export const LNK_TIMES = [
  ['creation_time', 'Creation Time'],
  ['modification_time', 'Content Modification Time'],
  ['access_time', 'Last Access Time'],
] as const

const MAX_LNK_BYTES: number = 16 * 1024 * 1024

/** Shortcuts: which files and programs a user opened. */
export const LNK_FORMAT: ArtefactFormat = {
  name: 'lnk',
  title: 'Windows shortcut (LNK)',
  recognisedBy: 'the size and the class of its header',
  headBytes: 20,
  matches: (head) => isLnk(head),
  maxBytes: MAX_LNK_BYTES,
  times: LNK_TIMES,
  constants: { data_type: 'windows:lnk:link' },
  read(bytes, sink) {
    keepLnk(bytes, 1, 0, sink)
  },
}

/**
 * Keeps a shortcut.
 *
 * @param bytes - From its header on.
 * @param at - Where in the file it begins.
 * @returns Where its bytes end.
 */
export function keepLnk(
  bytes: Buffer,
  number: number,
  at: number,
  sink: ArtefactSink,
  more: ArtefactRecord = {},
): number {
  const { fields, end, problem } = readLnk(bytes)
  if (Object.keys(fields).length > 0) sink.keep(number, { ...more, message: describeLnk(fields), ...fields })
  if (problem !== undefined)
    sink.reject(number, 'truncated', `the shortcut is not whole: ${problem}`, at + end)
  return end
}

/** Says in a line what a shortcut points to. */
export function describeLnk(fields: LnkFields): string {
  const parts: readonly (readonly [string, string | number | undefined])[] = [
    ['', fields['description'] === undefined ? '[Empty description]' : `[${fields['description']}]`],
    ['Local path', fields['local_path']],
    ['Network path', fields['network_path']],
    ['cmd arguments', fields['command_line_arguments']],
    ['env location', fields['env_var_location']],
    ['Relative path', fields['relative_path']],
    ['Working dir', fields['working_directory']],
    ['Icon location', fields['icon_location']],
    ['Link target', fields['link_target']],
  ]
  return parts
    .flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [name === '' ? value : `${name}: ${value}`],
    )
    .join(' ')
}
