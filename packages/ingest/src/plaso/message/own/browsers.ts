import { custom, either, type OwnTable, words } from './own-definition.ts'

const SHORT = 'WEBHIST'

/** How a page was come upon (Chromium, ui/base/page_transition_types.h). */
const CHROME_TRANSITIONS = words('page_transition_type', {
  0: 'by a link',
  1: 'typed',
  2: 'by a bookmark',
  3: 'in a frame',
  4: 'in a frame, by a person',
  5: 'generated',
  6: 'as a start page',
  7: 'by a form',
  8: 'reloaded',
  9: 'by a keyword',
  10: 'by a generated keyword',
})

/** The same of Firefox (nsINavHistoryService.idl). */
const FIREFOX_TRANSITIONS = words('visit_type', {
  1: 'by a link',
  2: 'typed',
  3: 'by a bookmark',
  4: 'embedded',
  5: 'redirected for good',
  6: 'redirected for now',
  7: 'downloaded',
  8: 'in a frame by a link',
  9: 'reloaded',
})

const COOKIE = 'Cookie {cookie_name} | of {hostname} | for {path} | of {url} | data {data}'

/** Histories, cookies and caches of browsers. */
export const BROWSERS: OwnTable = {
  'chrome:history:page_visited': [
    SHORT,
    'Chrome history',
    'Visited {url} | "{title}" | {page_transition_type} | from {from_visit} | {visit_count} visits | typed {typed_count} times',
    CHROME_TRANSITIONS,
  ],
  'chrome:history:file_downloaded': [
    SHORT,
    'Chrome downloads',
    'Downloaded {url} | to {full_path}, | {received_bytes} | of {total_bytes} bytes, | {state}',
    words('state', { 0: 'under way', 1: 'complete', 2: 'cancelled', 3: 'interrupted', 4: 'interrupted' }),
  ],
  'chrome:cookie:entry': [
    SHORT,
    'Chrome cookies',
    `${COOKIE} | {secure}`,
    either('secure', '(secure)', '(not secure)'),
  ],
  'chrome:cache:entry': [SHORT, 'Chrome cache', 'Cached {original_url}'],
  'chrome:autofill:entry': [
    SHORT,
    'Chrome autofill',
    'Filled in {field_name}: | {value}, | {usage_count} times',
  ],
  'chrome:extension_activity:activity_log': [
    SHORT,
    'Chrome extension activity',
    'Extension {extension_id} | called {api_name} | on {page_url} | with {args}',
  ],
  'chrome:preferences:extension_installation': [
    SHORT,
    'Chrome extensions',
    'Extension {extension_name} | ({extension_identifier}) | in {path}',
  ],
  'chrome:preferences:extensions_autoupdater': [SHORT, 'Chrome extensions', '{message_body}'],
  'chrome:preferences:content_settings:exceptions': [
    SHORT,
    'Chrome permissions',
    'Permission {permission} | used by {primary_url} | in {secondary_url}',
    custom('chrome_preferences_primary_url', 'chrome_preferences_secondary_url'),
  ],
  'edge:resources:load_statistics': [
    SHORT,
    'Edge load statistics',
    'Loaded from {resource_hostname} | for {top_level_hostname}, | type {resource_type}',
  ],
  'firefox:places:page_visited': [
    SHORT,
    'Firefox history',
    'Visited {url} | "{title}" | {visit_type} | from {from_visit} | {visit_count} visits',
    FIREFOX_TRANSITIONS,
  ],
  'firefox:places:bookmark': [
    SHORT,
    'Firefox bookmarks',
    'Bookmark "{title}" | {url} | of "{places_title}" | {visit_count} visits',
  ],
  'firefox:places:bookmark_annotation': [
    SHORT,
    'Firefox bookmarks',
    'Note {content} | on bookmark "{title}" | {url}',
  ],
  'firefox:places:bookmark_folder': [SHORT, 'Firefox bookmarks', 'Folder "{title}"'],
  'firefox:downloads:download': [
    SHORT,
    'Firefox downloads',
    'Downloaded {url} | to {full_path}, | {received_bytes} | of {total_bytes} bytes',
  ],
  'firefox:cookie:entry': [
    SHORT,
    'Firefox cookies',
    `${COOKIE} | {secure}`,
    either('secure', '(secure)', '(not secure)'),
  ],
  'firefox:cache:record': [
    SHORT,
    'Firefox cache',
    'Fetched {url} | by {request_method} | {fetch_count} times | answered {response_code}',
  ],
  'safari:history:visit': [SHORT, 'Safari history', 'Visited {url} | "{title}" | {visit_count} visits'],
  'safari:history:visit_sqlite': [
    SHORT,
    'Safari history',
    'Visited {url} | "{title}" | {visit_count} visits',
  ],
  'safari:downloads:entry': [
    SHORT,
    'Safari downloads',
    'Downloaded {url} | to {full_path}, | {received_bytes} | of {total_bytes} bytes',
  ],
  'safari:cookie:entry': [SHORT, 'Safari cookies', 'Cookie {cookie_name} | of {url} | for {path}'],
  'opera:history:entry': [SHORT, 'Opera history', 'Visited {url} | "{title}" | {description}'],
  'opera:history:typed_entry': [SHORT, 'Opera history', 'Typed {url} | {entry_selection}'],
  'msiecf:url': [
    SHORT,
    'Internet Explorer cache',
    'Location {url} | {number_of_hits} hits | cached as {cached_file_path} | {cached_file_size} bytes | {http_headers}',
    custom('msiecf_cached_path', 'msiecf_http_headers'),
  ],
  'msiecf:leak': [
    SHORT,
    'Internet Explorer cache',
    'Left over {cached_file_path} | {cached_file_size} bytes',
    custom('msiecf_cached_path'),
  ],
  'msiecf:redirected': [SHORT, 'Internet Explorer cache', 'Redirected from {url}'],
  'msie:webcache:container': [
    SHORT,
    'WebCache',
    'Location {url} | redirected to {redirect_url} | {access_count} times | cached as {cached_filename} | {cached_file_size} bytes',
  ],
  'msie:webcache:containers': [SHORT, 'WebCache', 'Container {name} | in {directory}'],
  'msie:webcache:cookie': [SHORT, 'WebCache', 'Cookie {cookie_name} | of {request_domain}'],
  'msie:webcache:leak_file': [SHORT, 'WebCache', 'Left over {cached_filename}'],
  'msie:webcache:partitions': [SHORT, 'WebCache', 'Partition {partition_type} | in {directory}'],
  'cookie:google:analytics:utma': [
    SHORT,
    'Google Analytics cookie',
    'Visitor {visitor_identifier} | of {url}, | {sessions} sessions',
  ],
  'cookie:google:analytics:utmb': [
    SHORT,
    'Google Analytics cookie',
    'Session at {url}, | {pages_viewed} pages',
  ],
  'cookie:google:analytics:utmt': [SHORT, 'Google Analytics cookie', 'Rate limit of {url}'],
  'cookie:google:analytics:utmz': [
    SHORT,
    'Google Analytics cookie',
    'Came to {url} | from {sources}, | {sessions} sessions',
  ],
  'java:download:idx': ['JAVA_IDX', 'Java cache', 'Downloaded {url} | from {ip_address}'],
}
