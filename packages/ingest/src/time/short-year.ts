/** The year that two digits stand for: 1969 to 2068, as POSIX has it. */
export function expandYear(digits: number): number {
  return digits >= 69 ? 1900 + digits : 2000 + digits
}
