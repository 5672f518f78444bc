import type { z } from 'zod'
import { type PlatformRoute, type PlatformRouteSpec, platformRoute } from '../platform/platform-route.ts'

/** A route under `/v1/…` that is at `/api/v1/…` too: public programs call both. */
export function sekoiaRoute<
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Path extends string = string,
>(spec: PlatformRouteSpec<Query, Body, Path>): PlatformRoute {
  return platformRoute({ ...spec, alsoAt: [`/api${spec.path}`, ...(spec.alsoAt ?? [])] })
}
