/** What a token must be for, to read. */
export const READ_SCOPE = 'connect.api.read'
/** What a token must be for, to change something. */
export const WRITE_SCOPE = 'connect.api.write'
