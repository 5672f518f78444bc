import { Sekoia, type SekoiaRegion } from '@timeskein/sdk'

/** The client that the examples share. `SEKOIA_URL` is an installation of one's own; without it `SEKOIA_REGION` is asked. */
export function connect(): Sekoia {
  const { SEKOIA_API_KEY, SEKOIA_URL, SEKOIA_REGION = 'fra1' } = process.env
  if (SEKOIA_API_KEY === undefined) throw new Error('SEKOIA_API_KEY is expected in the environment')
  return new Sekoia({ apiKey: SEKOIA_API_KEY, url: SEKOIA_URL, region: SEKOIA_REGION as SekoiaRegion })
}
