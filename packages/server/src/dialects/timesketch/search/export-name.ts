/** The name of a file of an export: the id and what it is called, without separators and control characters, not too long. */
export function exportName(id: number, name: string): string {
  return `${String(id).padStart(4, '0')}_${name.replace(/[\x00-\x1f\x7f/\\:*?"<>|]/g, '_').slice(0, 100)}`
}
