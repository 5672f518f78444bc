import type { Figure } from '../figures.ts'
import { tellStep } from '../tell-step.ts'
import { makeApiOf } from './api.ts'
import { measurePython } from './measure-python.ts'
import { measureUploads } from './measure-uploads.ts'
import { signIn } from './sign-in.ts'

/** A Timesketch that somebody has brought up, with a user of it. */
export interface TimesketchPeer {
  readonly url: string
  readonly username: string
  readonly password: string
}

/** @param text - `http://USER:PASSWORD@HOST:PORT`. */
export function readPeer(text: string): TimesketchPeer {
  const { origin, username, password } = new URL(text)
  if (username === '' || password === '')
    throw new Error(`a Timesketch was expected as http://USER:PASSWORD@HOST:PORT, found ${text}`)
  return { url: origin, username: decodeURIComponent(username), password: decodeURIComponent(password) }
}

/** Puts beside figures of ours what the same takes a Timesketch, once each; what it loses on the way is told. */
export async function measureBeside(
  figures: readonly Figure[],
  peer: TimesketchPeer,
): Promise<readonly Figure[]> {
  tellStep(`the same by ${peer.url}`)
  const api = makeApiOf(peer.url, await signIn(peer.url, peer.username, peer.password))
  const uploading = { rounds: 1, mayLose: true }
  const uploads = await measureUploads(api, uploading)
  const python = await measurePython(peer.url, peer, uploading)
  const theirs = new Map([...uploads, ...python].map((figure) => [figure.name, figure]))
  return figures.map((figure) => {
    const other = theirs.get(figure.name)
    return other ? { ...figure, theirs: other.ours, note: `${figure.note}; theirs: ${other.note}` } : figure
  })
}
