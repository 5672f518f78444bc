/** What rotation puts behind a log's name: Docker `.1` and `.2.gz`, Kubernetes `.20260301-101500` and `.20260301-101500.gz`. */
const ROTATED = /(?<=\.log)(?:\.\d[\d-]*)?(?:\.(?:gz|zst))?$/i

/** The name that a log had while it was written. */
export function nameBeforeRotation(name: string): string {
  return name.replace(ROTATED, '')
}
