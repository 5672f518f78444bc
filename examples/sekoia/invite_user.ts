/**
 * Invites somebody into a community, with a role of it.
 *
 *   node examples/sekoia/invite_user.ts john.doe@example.com [ROLE]
 */
import { connect } from './connect.ts'

const [email, wanted = 'Analyst'] = process.argv.slice(2)
if (!email) {
  console.error('usage: node examples/sekoia/invite_user.ts EMAIL [ROLE]')
  process.exit(2)
}
const sekoia = connect()
const { community } = await sekoia.me()
const roles = await sekoia.communities.listRoles(community).toArray()
const role = roles.find(({ name }) => name === wanted)
if (!role) throw new Error(`one of the roles ${roles.map(({ name }) => name).join(', ')} was expected`)
const invitation = await sekoia.communities.invite({ email, communities: { [community]: [role.uuid] } })
console.log(`Invitation=${invitation.uuid}, email=${invitation.email}, role=${role.name}`)
