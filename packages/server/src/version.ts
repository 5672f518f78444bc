/** Version of the program, as its packages have it. */
export const VERSION = '0.1.0'
