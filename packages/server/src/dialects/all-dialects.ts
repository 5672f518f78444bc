import type { DialectOnDemand } from '../http/apps-on-demand.ts'
import type { MountDialect } from '../http/create-app.ts'
import { mountSkein } from './skein/mount-skein.ts'
import { mountTimesketch } from './timesketch/mount.ts'

/** Every API that a server speaks; those of platforms other than Timesketch are loaded when first asked for. */
export const ALL_DIALECTS: readonly (MountDialect | DialectOnDemand)[] = [
  mountTimesketch,
  mountSkein,
  {
    path: '/threatstack',
    load: async () => (await import('./threatstack/mount-threatstack.ts')).mountThreatStack,
  },
  { path: '/elements', load: async () => (await import('./elements/mount-elements.ts')).mountElements },
  { path: '/sekoia', load: async () => (await import('./sekoia/mount-sekoia.ts')).mountSekoia },
]
