/** A time as lists of connectors show it. @param iso - In UTC. */
export function toMinute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ')
}
