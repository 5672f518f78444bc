/**
 * Checks the name of an index of the datastore before a server is asked (OpenSearch, "Index naming restrictions").
 *
 * @throws {RangeError} For a name that it does not take.
 */
export function checkIndexName(name: string): void {
  if (/^[^-_+A-Z\\/*?"<>| ,#][^A-Z\\/*?"<>| ,#]*$/.test(name)) return
  const rule = 'lower case, without \\ / * ? " < > | , # or blank, and not beginning with - _ +'
  throw new RangeError(`the name of an index is ${rule}; found ${JSON.stringify(name)}`)
}
