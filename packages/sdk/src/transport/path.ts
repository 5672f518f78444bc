/**
 * Builds a URL path: values are encoded, so that none of them can add a segment or a query.
 *
 * @throws {RangeError} For a value that is empty or only dots, which would name another path.
 * @example path`/sketches/${3}/timelines`
 */
export function path(texts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return texts.reduce((built, text, place) => {
    const value = values[place]
    if (value === undefined) return built + text
    const segment = String(value)
    if (/^\.{0,2}$/.test(segment)) throw new RangeError(`"${segment}" cannot be part of a path`)
    return built + text + encodeURIComponent(segment)
  }, '')
}
