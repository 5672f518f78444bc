import { type ClueReader, cleanHostName, folderOf } from './clue.ts'

const CONSOLE_LOG = /(?:^|\/)[^/]*_ConsoleLog\.txt$/i
const COPY_LOG = /(?:^|\/)[^/]*_CopyLog\.csv$/i
const MACHINE = /System info: Machine name: ([^,\r\n]+),/

/**
 * KAPE leaves its console log beside what it collected. Its machine is the one that KAPE ran on: another than the evidence's where an
 * image was collected from, so the evidence's own word counts first.
 */
export const KAPE: ClueReader = {
  maxBytes: 64 * 1024,
  matches: (name) => CONSOLE_LOG.test(name) || COPY_LOG.test(name),
  read(name, bytes) {
    const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
    const text = bytes.toString(isWide ? 'utf16le' : 'utf8')
    const isLog = CONSOLE_LOG.test(name) ? /\bKAPE\b/.test(text) : text.includes('SourceFile')
    if (!isLog) return undefined
    const hostName = cleanHostName(MACHINE.exec(text)?.[1])
    return { root: folderOf(name), tool: 'KAPE', rank: 2, ...(hostName === undefined ? {} : { hostName }) }
  },
}
