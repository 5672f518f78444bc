/** Where Sekoia.io runs (its page "Regions", and "HTTPS" of its pages on ingestion). */
export const SEKOIA_REGIONS = ['fra1', 'fra2', 'mco1', 'uae1', 'usa1', 'sgp1'] as const
/** Where Sekoia.io runs. */
export type SekoiaRegion = (typeof SEKOIA_REGIONS)[number]

/** The addresses of one installation, without a slash at their ends. */
export interface SekoiaAddresses {
  /** What `/v1/…` comes behind. */
  readonly api: string
  /** What `/plain`, `/jsons`, `/batch` … come behind. */
  readonly intake: string
  /** Of the live socket. */
  readonly live: string
  /** Of the socket of statistics. */
  readonly statistics: string
}

/** The addresses of a region. */
export function findRegion(region: SekoiaRegion): SekoiaAddresses {
  if (region === 'fra1')
    return {
      api: 'https://api.sekoia.io',
      intake: 'https://intake.sekoia.io',
      live: 'wss://live.sekoia.io',
      statistics: 'wss://app.sekoia.io/api/v1/events/stats',
    }
  const app = `https://app.${region}.sekoia.io`
  return {
    api: region === 'sgp1' ? 'https://api.sgp1.sekoia.io' : `${app}/api`,
    intake: `https://intake.${region}.sekoia.io/api/v1/intake-http`,
    live: `${toSocket(app)}/live`,
    statistics: `${toSocket(app)}/api/v1/events/stats`,
  }
}

/** The addresses of an installation that has all of them under one, such as a Timeskein server's `http://host:5000/sekoia`. */
export function findAddresses(url: string): SekoiaAddresses {
  const api = url.replace(/\/+$/, '').replace(/\/v1$/, '')
  return { api, intake: api, live: `${toSocket(api)}/live`, statistics: `${toSocket(api)}/v1/events/stats` }
}

function toSocket(url: string): string {
  return url.replace(/^http/, 'ws')
}
