import { Elements } from '@timeskein/sdk'

/**
 * A client by the environment that the vendor's own scripts use: `WS_CLIENT_ID`, `WS_SECRET`, and where they are wanted `WS_API_URL`
 * and `WS_ORG_ID`.
 */
export function connect(): Elements {
  const { WS_CLIENT_ID: clientId, WS_SECRET: clientSecret, WS_API_URL, WS_ORG_ID } = process.env
  if (!clientId || !clientSecret)
    throw new Error('WS_CLIENT_ID and WS_SECRET were expected in the environment')
  return new Elements({
    clientId,
    clientSecret,
    ...(WS_API_URL ? { baseUrl: WS_API_URL } : {}),
    ...(WS_ORG_ID ? { organizationId: WS_ORG_ID } : {}),
  })
}
