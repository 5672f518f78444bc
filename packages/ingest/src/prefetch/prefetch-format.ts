import type { Buffer } from 'node:buffer'
import type { ArtefactFormat } from '../artefacts/artefact-format.ts'
import type { ArtefactSink } from '../artefacts/artefact-sink.ts'
import { MAX_PREFETCH_BYTES } from './limits.ts'
import { type PrefetchFacts, type PrefetchVolume, readScca } from './scca.ts'
import { unpackHuffman } from './unpack-huffman.ts'

/** "MAM", then the packing (4: LZXPRESS Huffman; its first bit: a checksum follows), then the size unpacked. */
const PACKED_HEADER_BYTES = 8
const CHECKSUM_BYTES = 4
const HAS_CHECKSUM = 0x80
const HUFFMAN = 4

/** Prefetch files: which programs ran, how often and when. */
export const PREFETCH_FORMAT: ArtefactFormat = {
  name: 'prefetch',
  title: 'Windows prefetch file',
  recognisedBy: '"SCCA" behind its first four bytes, or "MAM" and the packing in front of that',
  headBytes: 8,
  matches: (head) => isPacked(head) || head.toString('latin1', 4, 8) === 'SCCA',
  maxBytes: MAX_PREFETCH_BYTES,
  times: [
    ['last_run_time', 'Last Time Executed'],
    ['previous_run_times', 'Previous Last Time Executed'],
    ['creation_time', 'Creation Time'],
  ],
  read: readPrefetch,
}

function isPacked(head: Buffer): boolean {
  return head.toString('latin1', 0, 3) === 'MAM' && ((head[3] ?? 0) & 0x7f) === HUFFMAN
}

function readPrefetch(file: Buffer, sink: ArtefactSink): void {
  const bytes = isPacked(file) ? unpack(file, sink) : file
  if (!bytes) return
  const facts = readScca(bytes)
  if (typeof facts === 'string') {
    sink.reject(1, 'bad-record', facts, 0, file.subarray(0, 4096))
    return
  }
  for (const problem of facts.problems) sink.reject(1, 'bad-record', problem, 0)
  keepRun(facts, sink)
  for (const volume of facts.volumes) keepVolume(facts, volume, sink)
}

/** What can be unpacked; what is missing is told. */
function unpack(file: Buffer, sink: ArtefactSink): Buffer | undefined {
  const start = PACKED_HEADER_BYTES + ((file[3] ?? 0) & HAS_CHECKSUM ? CHECKSUM_BYTES : 0)
  if (file.length <= start) {
    sink.reject(1, 'truncated', 'the file ends in its header', 0)
    return undefined
  }
  const sizeBytes = file.readUInt32LE(4)
  if (sizeBytes > MAX_PREFETCH_BYTES) {
    const detail = `expected at most ${MAX_PREFETCH_BYTES} bytes unpacked (MAX_PREFETCH_BYTES), found ${sizeBytes}`
    sink.reject(1, 'over-limit', detail, 4)
    return undefined
  }
  const { bytes, problem } = unpackHuffman(file.subarray(start), sizeBytes)
  if (problem !== undefined) {
    const detail = `unpacked ${bytes.length} of ${sizeBytes} bytes: ${problem}`
    sink.reject(1, 'truncated', detail, start)
  }
  return bytes
}

function keepRun(facts: PrefetchFacts, sink: ArtefactSink): void {
  const { executable, version, hash, runCount, runTimes, mappedFiles, volumes } = facts
  const hints = findPaths(facts)
  const parts = [
    `Prefetch [${executable}] was executed - run count ${runCount}`,
    hints.length === 0 ? '' : `path hints: ${hints.join(', ')}`,
    `hash: 0x${hash.toString(16).toUpperCase().padStart(8, '0')}`,
    ...volumes.map(
      ({ devicePath, serialNumber }, i) =>
        `volume: ${i + 1} [serial number: 0x${serialNumber.toString(16).toUpperCase().padStart(8, '0')}, device path: ${devicePath}]`,
    ),
  ]
  sink.keep(1, {
    data_type: 'windows:prefetch:execution',
    message: parts.filter((part) => part !== '').join(' '),
    executable,
    format_version: version,
    prefetch_hash: hash,
    run_count: runCount,
    last_run_time: runTimes[0],
    previous_run_times: runTimes.length > 1 ? runTimes.slice(1) : undefined,
    path_hints: hints,
    mapped_files: mappedFiles,
    number_of_volumes: volumes.length,
    volume_device_paths: volumes.map(({ devicePath }) => devicePath),
    volume_serial_numbers: volumes.map(({ serialNumber }) => serialNumber),
  })
}

function keepVolume(
  { executable }: PrefetchFacts,
  { devicePath, createdAt, serialNumber }: PrefetchVolume,
  sink: ArtefactSink,
): void {
  if (createdAt === undefined) return
  const serial = `0x${serialNumber.toString(16).toUpperCase().padStart(8, '0')}`
  sink.keep(1, {
    data_type: 'windows:volume:creation',
    message: `${devicePath} Serial number: ${serial} Origin: ${executable}`,
    device_path: devicePath,
    serial_number: serialNumber,
    origin: executable,
    creation_time: createdAt,
  })
}

/** Names that the header cuts have so many characters. */
const FULL_NAME_LENGTH = 29

/** Where the program may have stood: loaded files of its name, without their volume. */
function findPaths({ executable, mappedFiles, volumes }: PrefetchFacts): readonly string[] {
  const wanted = executable.toLowerCase()
  const paths = mappedFiles.flatMap((mapped) => {
    const path = mapped.replace(/ \[\d+-\d+\]$/, '')
    const volume = volumes.find(({ devicePath }) => devicePath !== '' && path.startsWith(devicePath))
    const name = path.slice(path.lastIndexOf('\\') + 1).toLowerCase()
    const isOwn = name === wanted || (executable.length === FULL_NAME_LENGTH && name.startsWith(wanted))
    return isOwn && volume ? [path.slice(volume.devicePath.length)] : []
  })
  return [...new Set(paths)]
}
