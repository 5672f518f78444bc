import type { MountDialect } from '../http/create-app.ts'
import { mountElements } from './elements/mount-elements.ts'
import { mountSekoia } from './sekoia/mount-sekoia.ts'
import { mountSkein } from './skein/mount-skein.ts'
import { mountThreatStack } from './threatstack/mount-threatstack.ts'
import { mountTimesketch } from './timesketch/mount.ts'

/** Every API that a server speaks. */
export const ALL_DIALECTS: readonly MountDialect[] = [
  mountTimesketch,
  mountSkein,
  mountThreatStack,
  mountElements,
  mountSekoia,
]
