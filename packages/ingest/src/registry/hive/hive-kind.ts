import type { Hive } from './hive.ts'

/** Where each hive hangs in the registry, and the keys below its root that tell it. */
const KINDS: readonly (readonly [root: string, keys: readonly string[]])[] = [
  ['HKEY_LOCAL_MACHINE\\System', ['SELECT', 'CONTROLSET001']],
  ['HKEY_LOCAL_MACHINE\\Software', ['MICROSOFT', 'CLASSES']],
  ['HKEY_LOCAL_MACHINE\\Software', ['MICROSOFT', 'POLICIES']],
  ['HKEY_LOCAL_MACHINE\\SAM', ['SAM']],
  ['HKEY_LOCAL_MACHINE\\Security', ['POLICY']],
  ['HKEY_CURRENT_USER', ['SOFTWARE', 'CONTROL PANEL']],
  ['HKEY_CURRENT_USER', ['SOFTWARE', 'ENVIRONMENT']],
  ['HKEY_CURRENT_USER\\Software\\Classes', ['LOCAL SETTINGS']],
]

/** The path of a hive's root: told by the keys in it, '' for those that hang nowhere, such as `Amcache.hve`. */
export function nameRoot(hive: Hive): string {
  const root = hive.root
  const names = new Set(root ? [...hive.listKeys(root)].map(({ name }) => name.toUpperCase()) : [])
  return KINDS.find(([, keys]) => keys.every((key) => names.has(key)))?.[0] ?? ''
}
