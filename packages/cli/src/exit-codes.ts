/** Exit codes of `skein`; docs/cli.md lists them. Those from 64 on follow BSD's sysexits. */
export const EXIT = {
  ok: 0,
  /** Something went wrong that is not the caller's doing. */
  failed: 1,
  /** The command line cannot be read. */
  usage: 2,
  /** Some rows were rejected and no `--rejects FILE` took them, or `--strict` was given, or text that could not be decoded was lost; the rest is stored. */
  rejectedRows: 3,
  /** The input is not what it claims to be, a query cannot be read, or what is asked for does not fit how things are. */
  badInput: 65,
  /** A file, sketch, timeline, user or event is not there. */
  notFound: 66,
  /** The server does not answer, or the data directory is in use. */
  unavailable: 69,
  /** Output cannot be written. */
  cannotWrite: 73,
  /** Wrong password or key, or no permission. */
  noPermission: 77,
  /** Node is too old, or the configuration cannot be read. */
  config: 78,
  /** Ctrl-C. */
  interrupted: 130,
} as const
