/** Files of the machine; `@timeskein/sdk/node` has them, a browser has not. */
export interface FileAccess {
  /** The file has its name only when the stream has been closed; an aborted one leaves nothing behind. @throws {FileError} */
  write(path: string): Promise<WritableStream<Uint8Array>>
  /** The file, read as it is asked for. @throws {FileError} */
  open(path: string): Promise<{ readonly name: string; readonly blob: Blob }>
}

/** @throws {TypeError} Where there are no files. */
export function needFiles(files: FileAccess | undefined): FileAccess {
  if (files) return files
  throw new TypeError('paths need files: connect with @timeskein/sdk/node, or give a stream')
}
