import type { FileHeader } from './chunk/file-header.ts'
import type { EvtxNote, EvtxNoteKind } from './evtx-rows.ts'

const SHOWN_PLACES = 5

/** What a kind of note means, about so many chunks and records. */
const SENTENCES: Readonly<Record<EvtxNoteKind, (chunks: string, records: string, isOne: boolean) => string>> =
  {
    'header-checksum': (chunks) => `The header of ${chunks} has a wrong checksum; it was read all the same.`,
    'data-checksum': (chunks) =>
      `The records of ${chunks} have a wrong checksum; they were read all the same.`,
    unlisted: (chunks, records, isOne) =>
      `${records} stood behind what the header of ${chunks} tells of, as in a log that was cut off while it was written; ${isOne ? 'it was' : 'they were'} taken.`,
    recovered: (chunks, records, isOne) =>
      `${records} ${isOne ? 'was' : 'were'} recovered by carving, in ${chunks}, with recovered: true.`,
    'unreadable-trace': (chunks, records, isOne) =>
      `${records} that carving came upon in ${chunks} could not be read any more and ${isOne ? 'was' : 'were'} left out.`,
  }

/** Says in sentences what came to notice while an event log was read, with the first places. */
export function describeNotes(header: FileHeader | undefined, notes: readonly EvtxNote[]): string[] {
  return [...describeHeader(header), ...describeChunks(notes)]
}

function describeHeader(header: FileHeader | undefined): string[] {
  if (header === undefined) return ['The file has no header of an event log; its chunks were read.']
  return [
    ...(header.isDirty ? ['The log was not closed: its header is out of date, its chunks were read.'] : []),
    ...(header.isChecksumRight
      ? []
      : ['The header of the file has a wrong checksum; nothing of it is needed.']),
  ]
}

function describeChunks(notes: readonly EvtxNote[]): string[] {
  const byKind = Map.groupBy(notes, ({ kind }) => kind)
  return [...byKind].map(([kind, group]) => {
    const places = [...new Set(group.map(({ at }) => at))]
    const shown = places.slice(0, SHOWN_PLACES).join(', ')
    const more = places.length > SHOWN_PLACES ? ' and others' : ''
    const chunks = `${places.length === 1 ? '1 chunk' : `${places.length.toLocaleString('en')} chunks`} (at ${shown}${more})`
    const count = group.reduce((sum, note) => sum + note.count, 0)
    const isOne = count === 1
    return SENTENCES[kind](chunks, `${count.toLocaleString('en')} ${isOne ? 'record' : 'records'}`, isOne)
  })
}
