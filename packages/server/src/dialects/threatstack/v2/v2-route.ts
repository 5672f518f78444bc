import { z } from 'zod'
import type { UserCall } from '../../../http/app-types.ts'
import type { Organisation } from '../../../services/organisations/organisation-service.ts'
import { type PlatformRoute, type PlatformRouteSpec, platformRoute } from '../../platform/platform-route.ts'

/** Items of a page. */
export const PAGE_SIZE = 100

/** A list under its name; the token of the last page is null, as clients that stop at nothing else expect. */
export function listAnswer(key: string, item: z.ZodType): z.ZodType {
  return z.strictObject({ [key]: z.array(item), token: z.string().nullable() })
}

/** A route of version 2. */
export function v2Route<
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Path extends string = string,
>(
  spec: Omit<PlatformRouteSpec<Query, Body, Path>, 'permission' | 'alsoAt'> & {
    /** @default 'user' */
    readonly permission?: 'user' | 'admin'
    /** Below the version. */
    readonly path: Path
  },
): PlatformRoute {
  const { path, permission = 'user', ...rest } = spec
  // What stands before it names no parameters.
  return platformRoute<Query, Body, Path>({
    ...rest,
    permission,
    path: `/v2${path}` as Path,
    alsoAt: [`/api/v2${path}`],
  })
}

/** The organisation of those who sign for none in particular. */
export async function defaultOrganisation({ services, principal }: UserCall): Promise<Organisation> {
  return await services.organisations.getDefault(principal)
}
