import { z } from 'zod'

/** A person with an account. */
export const userSchema = z.object({
  id: z.int(),
  name: z.string(),
  isAdmin: z.boolean(),
  isActive: z.boolean(),
})

/** A user as our API sends it and `skein user … --json` prints it; never with anything of the password. */
export type ApiUser = z.infer<typeof userSchema>

/** What makes a user. */
export const newUserSchema = z.strictObject({
  name: z.string().min(1).max(255),
  password: z.string().min(1).max(4096),
  isAdmin: z.boolean().default(false),
})

/** The body of `POST /users/{name}/password`: the new password, in UTF-16 units. */
export const passwordSchema = z.strictObject({ password: z.string().min(1).max(4096) })

/** Name and password of a login. */
export const loginSchema = z.strictObject({ username: z.string(), password: z.string() })
/** Who is logged in; `csrfToken` goes back in the header `X-CSRF-Token` with every request that changes something. */
export const sessionSchema = z.object({ user: userSchema, csrfToken: z.string() })

/** What an API key may be used for; `write` implies `read`, `admin` both. */
export const keyScopeSchema = z.enum(['read', 'write', 'admin'])

/** The API a key is for: ours, or one that speaks as another platform's. */
export const keyKindSchema = z.enum(['timeskein', 'threatstack', 'threatstack-v2', 'elements', 'sekoia'])

/** An API key without its secret. */
export const apiKeySchema = z.object({
  id: z.int(),
  user: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(keyScopeSchema),
  kind: keyKindSchema,
  /** In the words of the platform; left out: whatever the scopes allow. */
  permissions: z.array(z.string()).optional(),
  isRevoked: z.boolean(),
})

/** A key in a list. `prefix` is the beginning of the key, by which its owner knows it again. */
export type ApiKeyRow = z.infer<typeof apiKeySchema>

/** The body of `POST /keys`. */
export const newApiKeySchema = z.strictObject({
  name: z.string().min(1).max(255),
  kind: keyKindSchema.default('timeskein'),
  /** `read`, `write`, `admin`; for another platform's API also what that calls its permissions, and none is what its keys usually have. */
  scopes: z.array(z.string().min(1).max(100)).max(200).default([]),
  /** Whose key; the caller's own when left out. */
  user: z.string().optional(),
})
/** Credentials for another platform's API, in its words; what is secret in them is shown this once. */
export const platformCredentialsSchema = z.union([
  z.object({ id: z.int(), user_id: z.string(), org_id: z.string(), key: z.string() }),
  z.object({ id: z.int(), client_id: z.string(), client_secret: z.string() }),
  z.object({ id: z.int(), key: z.string() }),
])
/** New credentials with the number by which they are revoked. */
export type ApiPlatformCredentials = z.infer<typeof platformCredentialsSchema>
/** The API a key is for. */
export type KeyKind = z.infer<typeof keyKindSchema>
