import type { Platform } from '@timeskein/ingest/platforms'
import { openElementsSource } from './elements-source.ts'
import type { PlatformSource, SourceOptions } from './platform-source.ts'
import { openSekoiaSource } from './sekoia-source.ts'
import { openThreatStackSource } from './threatstack-source.ts'

const OPENERS: Readonly<Record<Platform, (options: SourceOptions) => PlatformSource>> = {
  elements: openElementsSource,
  sekoia: openSekoiaSource,
  threatstack: openThreatStackSource,
}

/** A platform by what it is reached with; nothing is asked yet. */
export function openSource(platform: Platform, options: SourceOptions): PlatformSource {
  return OPENERS[platform](options)
}
