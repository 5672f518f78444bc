import { BASE_BLOCK_BYTES } from '../hive/hive.ts'
import { MAX_HIVE_BYTES } from '../limits.ts'
import { damaged, type HiveLog, type HiveLoss, type HivePage, LOG_HEADER_BYTES } from './hive-log.ts'

/** Bytes that one bit of the vector stands for, and that pages of the log are counted in. */
const PAGE_BYTES = 512
const SIGNATURE = 'DIRT'

/**
 * Reads a log of the format of Windows 2000 to 8: "DIRT" behind the base block, a bit for each 512 bytes of the hive's bins (the lowest
 * of a byte first), and from the next sector on the pages whose bits are set (Maxim Suhanov, "Windows registry file format
 * specification", dirty vector).
 *
 * @returns All pages, or none where the log is not whole: nothing else tells a torn one.
 */
export function readDirtyPages({ name, bytes, header }: HiveLog): readonly HivePage[] | HiveLoss {
  const { binsBytes } = header
  if (BASE_BLOCK_BYTES + binsBytes > MAX_HIVE_BYTES) {
    const detail = `${name} is of a hive of ${BASE_BLOCK_BYTES + binsBytes} bytes (MAX_HIVE_BYTES)`
    return { reason: 'over-limit', detail }
  }
  const vectorAt = LOG_HEADER_BYTES + SIGNATURE.length
  const vector = bytes.subarray(vectorAt, vectorAt + binsBytes / PAGE_BYTES / 8)
  if (bytes.toString('latin1', LOG_HEADER_BYTES, vectorAt) !== SIGNATURE)
    return damaged(`${name} has no "${SIGNATURE}" behind its base block`)
  let start = Math.ceil((vectorAt + vector.length) / PAGE_BYTES) * PAGE_BYTES
  const pages: HivePage[] = []
  for (let i = 0; i < binsBytes / PAGE_BYTES; i++) {
    if (((vector[i >> 3] ?? 0) & (1 << (i & 7))) === 0) continue
    if (start + PAGE_BYTES > bytes.length) return damaged(`${name} is cut off: it ends before its last page`)
    pages.push({ at: BASE_BLOCK_BYTES + i * PAGE_BYTES, bytes: bytes.subarray(start, start + PAGE_BYTES) })
    start += PAGE_BYTES
  }
  if (pages.length === 0) return damaged(`${name} has no page`)
  return pages
}
