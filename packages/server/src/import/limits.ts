/**
 * Timelines, each with an index of its own, that one import makes of the hosts and sources in its archives: the names of hosts are whatever
 * an archive says. What comes beyond goes to the import's own timeline.
 */
export const MAX_IMPORT_TIMELINES = 256
