/** An error as one thread tells another of it. */
export interface ToldError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: string | undefined
  /** SQLite's, https://sqlite.org/rescode.html */
  readonly errcode: number | undefined
}

/** What the language itself throws, and is told apart by. */
const OF_LANGUAGE: Readonly<Record<string, ErrorConstructor>> = {
  RangeError,
  TypeError,
  SyntaxError,
  ReferenceError,
}

/** What there is to tell of an error; its cause may be what cannot be sent. */
export function tellError(thrown: unknown): ToldError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const { name, message, stack } = error
  const code = 'code' in error ? String(error.code) : undefined
  const errcode = 'errcode' in error ? Number(error.errcode) : undefined
  return { name, message, stack, code, errcode }
}

/** The error again, of the same kind, with its codes. */
export function readError({ name, message, stack, code, errcode }: ToldError): Error {
  const Kind = OF_LANGUAGE[name] ?? Error
  const error = new Kind(message)
  return Object.assign(error, {
    name,
    stack,
    ...(code === undefined ? {} : { code }),
    ...(errcode === undefined ? {} : { errcode }),
  })
}
