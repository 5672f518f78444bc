import { isOfEntry } from '../containers/archive-limits.ts'
import { readUpTo } from '../containers/byte-source.ts'
import type { ContainerEntry } from '../containers/container-entry.ts'
import type { Clue, ClueReader } from './clue.ts'
import { cleanHostName } from './clue.ts'
import { type CollectedHost, Collection } from './collection.ts'
import { KAPE } from './kape.ts'
import { UAC, UNIX_ZONE } from './uac.ts'
import { VELOCIRAPTOR } from './velociraptor.ts'
import { WINDOWS_HIVE } from './windows-hive.ts'

/** Every kind of file that tells of its host. */
const READERS: readonly ClueReader[] = [WINDOWS_HIVE, VELOCIRAPTOR, UAC, UNIX_ZONE, KAPE]

/** Names that UAC and Velociraptor's offline collector give their archives. */
const ARCHIVE_NAMES: readonly (readonly [tool: string, pattern: RegExp])[] = [
  ['UAC', /^uac-(.+)-(?:aix|android|esxi|freebsd|linux|macos|netbsd|netscaler|openbsd|solaris)-\d{14}\b/],
  ['Velociraptor', /^Collection-(.+)-\d{4}-\d{2}-\d{2}T\d{2}_\d{2}_\d{2}/],
]

/**
 * Goes through a container before it is read and gathers what it says of the hosts it was collected from.
 *
 * @param entries - Of the container; read to their end.
 * @param path - Of the container: some tools write the host's name there.
 * @param around - What is known of the container that this one is in.
 */
export async function surveyContainer(
  entries: AsyncIterable<ContainerEntry>,
  path: string,
  around: CollectedHost | undefined,
): Promise<Collection> {
  const clues: Clue[] = []
  for await (const entry of entries) {
    if (entry.kind !== 'file') continue
    const name = entry.name
    const reader = READERS.find((one) => one.matches(name))
    if (!reader) continue
    try {
      const clue = reader.read(name, await readUpTo(entry.source, reader.maxBytes))
      if (clue) clues.push(clue)
    } catch (error) {
      // It is read once more with all others, and told then.
      if (!isOfEntry(error)) throw error
    }
  }
  return new Collection(clues, readName(path) ?? around)
}

function readName(path: string): CollectedHost | undefined {
  const name = path.split(/[/\\!]/).findLast((part) => part !== '') ?? ''
  for (const [tool, pattern] of ARCHIVE_NAMES) {
    const hostName = cleanHostName(pattern.exec(name)?.[1])
    if (hostName !== undefined) return { tool, hostName, timeZone: undefined }
  }
  return undefined
}
