import type { KeyScope } from '../../auth/principal.ts'
import { invalid } from '../../errors/domain-error.ts'
import type { PlatformGrant, PlatformKeyKind } from './platform-key-service.ts'

/** Most permissions of one key. */
const MAX_PERMISSIONS = 200
/** OAuth scopes of WithSecure Elements (its API's documentation, "Authentication"). */
const ELEMENTS_SCOPES: Readonly<Record<string, KeyScope>> = {
  'connect.api.read': 'read',
  'connect.api.write': 'write',
}
/** How a platform's own names go on from ours. */
const OWN_WORDS: Readonly<Record<PlatformKeyKind, string>> = {
  threatstack: '',
  'threatstack-v2': '',
  elements: ' or connect.api.read, connect.api.write',
  sekoia: ' or permissions such as SIC_READ_ALERTS',
}
/** What and how, `SIC_READ_ALERTS`: many are for what nothing here answers, and scripts may ask for them all the same. */
const SEKOIA_PERMISSION = /^(?=.{3,100}$)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/
/** Permissions of Sekoia.io that change nothing. */
const SEKOIA_READS = /_(?:READ|LIST|EXPORT)_|_(?:READ|LIST|EXPORT)$|^SIC_MASSIVE_EXPORT/

/**
 * What somebody wishes a key to be allowed, in our words (`read`, `write`, `admin`) or in those of its platform.
 *
 * @throws {DomainError} `invalid` (`bad-scopes`).
 */
export function readPlatformScopes(kind: PlatformKeyKind, wishes: readonly string[]): PlatformGrant {
  if (wishes.length > MAX_PERMISSIONS)
    throw invalid('bad-scopes', `A key has at most ${MAX_PERMISSIONS} scopes; found ${wishes.length}.`)
  const own = wishes.filter(isKeyScope)
  const named = wishes.filter((wish) => !isKeyScope(wish))
  if (kind === 'sekoia' && own.length > 0 && named.length > 0)
    throw invalid(
      'bad-scopes',
      `A key for sekoia has either one of the scopes read, write, admin or permissions by name; found both: ${wishes.join(', ').slice(0, 200)}.`,
    )
  const permissions = new Set(named)
  if (kind === 'elements')
    for (const scope of own)
      for (const permission of scope === 'read' ? ['connect.api.read'] : Object.keys(ELEMENTS_SCOPES))
        permissions.add(permission)
  return {
    scopes: [...new Set([...own, ...named.map((wish) => scopeOf(kind, wish))])],
    permissions: permissions.size === 0 ? undefined : [...permissions],
  }
}

function isKeyScope(text: string): text is KeyScope {
  return text === 'read' || text === 'write' || text === 'admin'
}

/** What permissions of Elements allow in our words. */
export function scopesOfElements(permissions: readonly string[]): readonly KeyScope[] {
  return permissions.flatMap((permission) => ELEMENTS_SCOPES[permission] ?? [])
}

function scopeOf(kind: PlatformKeyKind, wish: string): KeyScope {
  if (kind === 'elements' && Object.hasOwn(ELEMENTS_SCOPES, wish)) return ELEMENTS_SCOPES[wish]!
  if (kind === 'sekoia' && SEKOIA_PERMISSION.test(wish)) return SEKOIA_READS.test(wish) ? 'read' : 'write'
  throw invalid(
    'bad-scopes',
    `A key for ${kind} takes the scopes read, write, admin${OWN_WORDS[kind]}; found "${wish.slice(0, 100)}".`,
  )
}
