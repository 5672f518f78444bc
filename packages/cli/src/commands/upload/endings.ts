/** Endings of files that Timesketch's importer takes. */
export const UPLOAD_ENDINGS = ['.csv', '.jsonl', '.plaso'] as const
