import { buffer } from 'node:stream/consumers'
import yazl from 'yazl'

const ENTRIES: Readonly<Record<string, string | Uint8Array>> = {
  'host1/Security.csv': 'datetime,message\n2026-03-01T10:00:00Z,in\nyesterday,out\n',
  'host2/Security.csv': 'datetime;who\n2026-03-01T10:00:00Z;ana\nnever;bob\n',
  'web.jsonl': '{"datetime":"2026-03-01T10:00:00Z","message":"x"}\n',
  'tool.exe': Uint8Array.of(0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0),
}

/**
 * A ZIP as triage tools leave it: host1/Security.csv and host2/Security.csv, each with a row that has no time; web.jsonl; and
 * tool.exe, which is no evidence. For tests.
 */
export async function makeTriageArchive(): Promise<Uint8Array> {
  const zip = new yazl.ZipFile()
  for (const [name, content] of Object.entries(ENTRIES)) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  return await buffer(zip.outputStream)
}
