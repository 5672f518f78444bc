import { doneSchema, newUserSchema, passwordSchema, userSchema } from '@timeskein/model'
import { z } from 'zod'
import { notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { toApiUser } from '../../../services/api-rows.ts'
import type { User } from '../../../services/users/user-service.ts'
import { type Route, userRoute } from '../route.ts'

/** Accounts. */
export const userRoutes: readonly Route[] = [
  userRoute('user', {
    method: 'GET',
    path: '/users',
    summary: 'All accounts.',
    answer: z.object({ users: z.array(userSchema) }),
    handle: async (call) => ({ users: (await call.services.users.list()).map(toApiUser) }),
  }),
  userRoute('admin', {
    method: 'POST',
    path: '/users',
    summary: 'Make an account.',
    body: newUserSchema,
    answer: userSchema,
    handle: async (call, { body }) =>
      toApiUser(
        await call.services.users.create(call.principal, {
          username: body.name,
          password: body.password,
          isAdmin: body.isAdmin,
        }),
      ),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/users/:name/password',
    summary: 'Set a password: one’s own, or anyone’s as an administrator.',
    body: passwordSchema,
    answer: doneSchema,
    handle: async (call, { params, body }) => {
      await call.services.users.setPassword(
        call.principal,
        (await findUser(call, params.name)).id,
        body.password,
      )
      return { done: true }
    },
  }),
  userRoute('admin', {
    method: 'POST',
    path: '/users/:name/disable',
    summary: 'Disable an account; its sessions end and its keys stop working.',
    answer: userSchema,
    handle: async (call, { params }) =>
      toApiUser(
        await call.services.users.setActive(call.principal, (await findUser(call, params.name)).id, false),
      ),
  }),
]

async function findUser(call: UserCall, name: string): Promise<User> {
  const user = await call.services.users.findByName(name)
  if (!user) throw notFound('user', name)
  return user
}
