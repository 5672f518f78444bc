/**
 * The organizations of an account: one, or of a key that sees several all of them. None where nobody knows whose it is: earlier
 * versions wrote the platform's address down then, which is the same for everybody.
 */
function listOrganisations(account: string): readonly string[] {
  return /^https?:/.test(account) ? [] : account.split(' ').filter((id) => id !== '')
}

/** Whether the platform has told whose the items of a connector are. */
export function isKnownAccount(account: string): boolean {
  return listOrganisations(account).length > 0
}

/** Whether two accounts have an organization in common; what is not known is never the same. */
export function isSameAccount(one: string, other: string): boolean {
  const own = new Set(listOrganisations(one))
  return listOrganisations(other).some((id) => own.has(id))
}

/** The organizations of both: what was brought of one that credentials no longer see is there all the same. */
export function joinAccounts(one: string, other: string): string {
  return [...new Set([...listOrganisations(one), ...listOrganisations(other)])].sort().join(' ')
}
