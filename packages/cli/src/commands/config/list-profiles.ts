import { readServerSettings } from '@timeskein/sdk'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { type ListingRow, printListing } from '../../output/listing/print-listing.ts'
import { findSkeinProfile, listSkeinProfiles, readRc, timesketchRcPath } from '../../place/rc-files.ts'

/** Every profile, with the API it is asked by; of several with one name the first is taken. */
export async function listProfiles(call: CommandCall, effects: Effects): Promise<number> {
  const rows: ListingRow[] = []
  for (const profile of await listSkeinProfiles(effects)) {
    const found = await findSkeinProfile(profile, effects)
    rows.push({ profile, api: 'timeskein', server: found?.server, user: null })
  }
  const sections = await readRc(timesketchRcPath(effects))
  for (const profile of sections.keys()) {
    if (profile === 'cli') continue
    const { url, username } = readServerSettings(sections, profile)
    rows.push({ profile, api: 'timesketch', server: url ?? null, user: username ?? null })
  }
  await printListing(rows, ['profile', 'api', 'server', 'user'], call, effects)
  return EXIT.ok
}
