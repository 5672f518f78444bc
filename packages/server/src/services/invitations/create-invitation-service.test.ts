import { expect, test } from 'vitest'
import { openTemporarySystem } from '../../testing/temporary-system.ts'

test('an invitation waits until there is a user with its address', async () => {
  await using place = await openTemporarySystem()
  const { invitations, users } = place.system.services
  const draft = { email: 'ada@example.org', role: 'reader', details: { languageCode: 'en' } }
  const { uid } = await invitations.create(place.admin, draft)
  expect(await invitations.list(place.admin)).toMatchObject([
    { ...draft, status: 'pending', invitedBy: 'admin' },
  ])
  await expect(invitations.create(place.admin, draft)).rejects.toMatchObject({ code: 'invitation-exists' })
  await users.create(place.admin, { username: 'ada', password: 'correct horse', email: draft.email })
  expect((await invitations.get(place.admin, uid)).status).toBe('accepted')
  await invitations.delete(place.admin, uid)
  expect(await invitations.list(place.admin)).toEqual([])
  await expect(invitations.create(place.admin, draft)).rejects.toMatchObject({ code: 'invitation-exists' })
})

test('invitations are for administrators, to addresses', async () => {
  await using place = await openTemporarySystem()
  const { invitations } = place.system.services
  const ana = await place.addUser('ana')
  const draft = { email: 'x@example.org', role: 'user' }
  for (const act of [
    () => invitations.list(ana),
    () => invitations.create(ana, draft),
    () => invitations.delete(ana, 'x'),
  ])
    await expect(act()).rejects.toMatchObject({ code: 'not-an-admin' })
  for (const email of ['', 'x', 'a b@c.d', 'a@b', `${'a'.repeat(300)}@example.org`])
    await expect(invitations.create(place.admin, { ...draft, email })).rejects.toMatchObject({
      code: 'bad-email',
    })
})
