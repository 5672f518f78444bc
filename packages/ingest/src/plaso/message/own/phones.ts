import { type OwnTable, words } from './own-definition.ts'

const CALLS = words('call_type', { 1: 'Incoming', 2: 'Outgoing', 3: 'Missed', 4: 'Voicemail', 5: 'Rejected' })

/** Android and iOS. */
export const PHONES: OwnTable = {
  'android:event:call': [
    'LOG',
    'Android calls',
    '{call_type} | call with {number} | {name} | of {duration} s',
  ],
  'android:messaging:sms': [
    'LOG',
    'Android SMS',
    '{sms_type} | {address}: | {message_body} | ({sms_read})',
    {
      enumeration_helpers: [
        {
          input_attribute: 'sms_type',
          output_attribute: 'sms_type',
          values: [
            ['1', 'Received from'],
            ['2', 'Sent to'],
          ],
        },
        {
          input_attribute: 'sms_read',
          output_attribute: 'sms_read',
          values: [
            ['0', 'unread'],
            ['1', 'read'],
          ],
        },
      ],
    },
  ],
  'android:messaging:hangouts': ['LOG', 'Android Hangouts', '{sender}: | {message_body}'],
  'android:logcat': [
    'LOG',
    'Android logcat',
    '{component_tag} | {priority} | ({pid} | {thread_identifier}): | {message_body}',
  ],
  'android:app_usage': ['LOG', 'Android usage', 'Used {package} | {component}'],
  'android:sqlite:app_usage': ['LOG', 'Android usage', 'Used {package_name}'],
  'android:sqlite:app_launch': ['LOG', 'Android launches', 'Launched {package_name}'],
  'android:sqlite:downloads': [
    'LOG',
    'Android downloads',
    'Downloaded {uri} | "{title}" | to {saved_to} | by {notification_package}, | {current_bytes} | of {total_bytes} bytes | {error_message}',
  ],
  'android:event:battery': ['LOG', 'Android battery', 'Battery at {battery_level} | charging {charge_type}'],
  'android:files_by_google:record': [
    'LOG',
    'Files by Google',
    '{root_path} | {root_relative_path} | {file_size} bytes',
  ],
  'android:airtag:event': [
    'LOG',
    'AirTags',
    'Saw {device_name} | {device_address} | at {latitude}, | {longitude} | signal {rssi}',
  ],
  'android:burners': ['LOG', 'Burner', 'Number {phone_number} | of {name} | {alias}'],
  'android:viber:call': ['LOG', 'Viber', '{call_type} | call with {phone_number} | of {duration} s', CALLS],
  'android:tango:contact': ['LOG', 'Tango', 'Contact {first_name} | {last_name} | {status}'],
  'android:tango:message': ['LOG', 'Tango', 'Message {message_identifier} | {direction}'],
  'android:tango:conversation': ['LOG', 'Tango', 'Conversation {conversation_identifier}'],
  'android:twitter:contact': ['LOG', 'Twitter', 'Contact {username} | {name} | {description} | {location}'],
  'android:twitter:search': ['LOG', 'Twitter', 'Searched {search_query}'],
  'android:twitter:status': ['LOG', 'Twitter', '{username}: | {content}'],
  'android:webview:cookie': [
    'WEBHIST',
    'Android WebView',
    'Cookie {cookie_name} | of {hostname} | for {path}',
  ],
  'android:webviewcache': ['WEBHIST', 'Android WebView', 'Cached {url} | {content_length} bytes'],
  'ios:accounts:entry': [
    'LOG',
    'iOS accounts',
    '{account_type} | {username} | of {owning_bundle_identifier}',
  ],
  'ios:app_privacy:access': [
    'LOG',
    'iOS privacy report',
    '{accessor_identifier} | used {resource_category} | {resource_identifier}',
  ],
  'ios:app_privacy:network': ['LOG', 'iOS privacy report', '{bundle_identifier} | talked to {domain}'],
  'ios:carplay:history:entry': ['LOG', 'CarPlay', 'Used {application_identifier}'],
  'ios:datausage:event': [
    'LOG',
    'iOS data usage',
    '{process_name} | ({bundle_identifier}): | Wi-Fi in {wifi_in} | out {wifi_out} | mobile in {wireless_wan_in} | out {wireless_wan_out}',
  ],
  'ios:netusage:process': [
    'LOG',
    'iOS network usage',
    '{process_name}: | Wi-Fi in {wifi_in} | out {wifi_out} | wired in {wired_in} | out {wired_out}',
  ],
  'ios:netusage:route': [
    'LOG',
    'iOS network usage',
    'Network {network_identifier} | {network_type}: | in {bytes_in} | out {bytes_out}',
  ],
  'ios:discord:message': [
    'LOG',
    'Discord',
    '{username}: | {content} | in {channel_identifier} | {attachment_name}',
  ],
  'ios:idstatuscache:lookup': [
    'LOG',
    'iOS identity look-ups',
    '{process_name} | looked up {apple_identifier}',
  ],
  'ios:imohdchat:message': ['LOG', 'IMO', '{alias}: | {text} | {status}'],
  'ios:instagram:message': ['LOG', 'Instagram', '{username}: | {message_body} | {shared_media_url}'],
  'ios:kik:messaging': ['LOG', 'Kik', '{message_type} | {username}: | {message_body}'],
  'ios:lockdownd_log:entry': ['LOG', 'lockdownd', '({process_identifier}) | {message_body}'],
  'ios:mobile_backup:entry': ['PLIST', 'iOS backup', 'Backup {backup_state}'],
  'ios:mobile_backup:state': ['PLIST', 'iOS backup', '{description}'],
  'ios:notes:note': ['LOG', 'iOS notes', '"{title}" | {snippet}'],
  'ios:powerlog:application_usage': [
    'LOG',
    'iOS power log',
    '{bundle_identifier}: | on screen {screen_on_time} | in the background {background_time}',
  ],
  'ios:screentime:event': [
    'LOG',
    'Screen time',
    '{user_given_name} | {user_family_name} | used {bundle_identifier} | {domain} | for {total_time} | on {device_name}',
  ],
  'ios:sim:info': ['PLIST', 'SIM', 'SIM {phone_number} | of type {sim_type} | {label_identifier}'],
  'ios:sysdiag_log:entry': [
    'LOG',
    'sysdiagnose',
    '({process_identifier}) | {severity} | {originating_call}: | {message_body}',
  ],
  'ios:sysdiagnose:logd:line': ['LOG', 'sysdiagnose', '{logger}: | {message_body}'],
  'ios:twitter:contact': ['LOG', 'Twitter', 'Contact {screen_name} | {name} | {description} | {location}'],
  'ios:twitter:status': ['LOG', 'Twitter', '{name}: | {text}'],
  'ios:wifi:known_networks:entry': ['PLIST', 'Wi-Fi', 'Network {ssid} | {bssid} | channel {channel}'],
}
