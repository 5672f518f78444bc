/** Where tokens are given, below the platform's prefix. */
export const TOKEN_PATH = '/as/token.oauth2'
