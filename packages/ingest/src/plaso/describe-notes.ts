import type { PlasoNote } from './piece/plaso-rows.ts'

/** Says in sentences what came to notice while the events of a storage file were written. */
export function describeNotes(notes: readonly PlasoNote[]): string[] {
  const byKind = Map.groupBy(notes, ({ kind }) => kind)
  return [...byKind].map(([kind, group]) => describe(kind, group))
}

function describe(kind: PlasoNote['kind'], group: readonly PlasoNote[]): string {
  const count = group.reduce((sum, note) => sum + note.count, 0)
  const isOne = count === 1
  switch (kind) {
    case 'duplicates':
      return `${count} ${isOne ? 'event equals another' : 'events equal others'} in time, description and data and ${isOne ? 'was' : 'were'} left out, as psort does.`
    case 'filtered':
      return `${count} ${isOne ? 'event does' : 'events do'} not match the event filter and ${isOne ? 'was' : 'were'} left out.`
    case 'no-time':
      return `${count} ${isOne ? 'event has' : 'events have'} no time: Plaso keeps ${isOne ? 'it' : 'them'} at 1970-01-01, as "Not a time".`
    case 'no-path':
      return `The paths of ${count} ${isOne ? 'file' : 'files'} of the storage cannot be read; ${isOne ? 'its' : 'their'} events have no display name.`
    case 'no-resources':
      return `Texts of Windows events could not be looked up: ${group[0]?.detail ?? 'the resources cannot be read'}.`
    default:
      return kind satisfies never
  }
}
