import { ThreatStack, type ThreatStackV2 } from '@timeskein/sdk'

/**
 * A client of version 1 by the environment: `TS_API_KEY`, and where they are wanted `TS_ORGANIZATION_ID` and `TS_API_URL`, the address
 * with the version at its end.
 */
export function connect(): ThreatStack {
  const { TS_API_KEY, TS_ORGANIZATION_ID, TS_API_URL } = process.env
  return new ThreatStack({
    apiKey: TS_API_KEY ?? '',
    ...(TS_ORGANIZATION_ID ? { organizationId: TS_ORGANIZATION_ID } : {}),
    ...(TS_API_URL ? { baseUrl: TS_API_URL } : {}),
  })
}

/** A client of version 2: `TS2_API_KEY`, `TS2_USER_ID`, `TS2_ORGANIZATION_ID`, and where it is wanted `TS2_API_URL`. */
export function connectV2(): ThreatStackV2 {
  const { TS2_API_KEY, TS2_USER_ID, TS2_ORGANIZATION_ID, TS2_API_URL } = process.env
  return ThreatStack.v2({
    apiKey: TS2_API_KEY ?? '',
    userId: TS2_USER_ID ?? '',
    organizationId: TS2_ORGANIZATION_ID ?? '',
    ...(TS2_API_URL ? { baseUrl: TS2_API_URL } : {}),
  })
}
