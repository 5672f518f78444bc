/** Endings of evidence files that say nothing which the timeline's own fields do not. */
const ENDINGS = /(?:\.(?:csv|tsv|txt|log|json|jsonl|ndjson|evtx|plaso|gz|tgz|zst|tar|zip))+$/i

/** The name that a timeline has by its file, archive or folder: `logs/Security.csv.gz` becomes `Security`. */
export function nameTimelineAfter(path: string): string {
  if (path === '-') return 'standard input'
  const name = path.split(/[/\\]/).findLast((part) => part !== '' && part !== '.') ?? path
  const cut = name.replace(ENDINGS, '')
  return cut === '' ? name : cut
}
