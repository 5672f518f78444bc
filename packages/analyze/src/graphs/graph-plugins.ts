import { chromeDownloads } from './chrome-downloads.ts'
import type { GraphPlugin } from './graph.ts'
import { winLogins } from './win-logins.ts'
import { winServices } from './win-services.ts'

/** Every graph plugin there is, in the order of lists. */
export const GRAPH_PLUGINS: readonly GraphPlugin[] = [winLogins, winServices, chromeDownloads]
