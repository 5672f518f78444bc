import { type Schema, timeField } from './schema.ts'

const MODIFIED = 'Content Modification Time'
const CREATED = 'Creation Time'
const ACCESSED = 'Last Access Time'
const CHANGED = 'Metadata Modification Time'
const WRITTEN = 'Registry Key Last Written'
const RUN = 'Last Run Time'
const LINK_TIMES = [
  timeField('SourceModified', `Source ${MODIFIED}`),
  timeField('SourceCreated', `Source ${CREATED}`),
  timeField('SourceAccessed', `Source ${ACCESSED}`),
]
const TARGET_TIMES = [
  timeField('TargetModified', `Target ${MODIFIED}`),
  timeField('TargetCreated', `Target ${CREATED}`),
  timeField('TargetAccessed', `Target ${ACCESSED}`),
]

/**
 * CSV files of Eric Zimmerman's tools, as KAPE leaves them (column names as of their 2023 to 2025 releases). All of them
 * write UTC without saying so.
 */
export const EZ_TOOL_SCHEMAS: readonly Schema[] = [
  {
    name: 'mftecmd',
    title: 'MFTECmd $MFT',
    required: ['EntryNumber', 'Created0x10', 'LastModified0x10'],
    times: [timeField('LastModified0x10', MODIFIED), timeField('Created0x10', CREATED)],
    moreTimes: [
      timeField('LastRecordChange0x10', CHANGED),
      timeField('LastAccess0x10', ACCESSED),
      timeField('LastModified0x30', `${MODIFIED} (file name)`),
      timeField('Created0x30', `${CREATED} (file name)`),
      timeField('LastRecordChange0x30', `${CHANGED} (file name)`),
      timeField('LastAccess0x30', `${ACCESSED} (file name)`),
    ],
    message: ['FileName'],
    constants: { data_type: 'fs:stat:ntfs', source_short: 'FILE', source_long: 'NTFS $MFT' },
  },
  {
    name: 'mftecmd-usn',
    title: 'MFTECmd $J',
    required: ['UpdateTimestamp', 'UpdateReasons'],
    times: [timeField('UpdateTimestamp', CHANGED)],
    message: ['Name'],
    constants: { data_type: 'fs:ntfs:usn_change', source_short: 'FILE', source_long: 'NTFS USN change' },
  },
  {
    name: 'evtxecmd',
    title: 'EvtxECmd',
    required: [
      'TimeCreated',
      'EventId',
      'Provider',
      'Channel',
      ['MapDescription', 'PayloadData1', 'Payload'],
    ],
    times: [timeField('TimeCreated', 'Event Logged')],
    message: ['MapDescription', 'Payload'],
    aliases: { EventID: ['EventId'], Provider_Name: ['Provider'] },
    constants: { data_type: 'windows:evtx:record', source_short: 'EVTX', source_long: 'WinEVTX' },
  },
  {
    name: 'pecmd',
    title: 'PECmd',
    required: ['ExecutableName', 'RunCount', 'LastRun'],
    times: [timeField('LastRun', RUN), ...LINK_TIMES.slice(0, 1)],
    moreTimes: [
      ...[0, 1, 2, 3, 4, 5, 6].map((run) => timeField(`PreviousRun${run}`, 'Previous Last Time Executed')),
      ...LINK_TIMES.slice(1),
    ],
    message: ['ExecutableName'],
    constants: { data_type: 'windows:prefetch:execution', source_short: 'LOG', source_long: 'WinPrefetch' },
  },
  {
    name: 'pecmd-timeline',
    title: 'PECmd timeline',
    required: ['RunTime', 'ExecutableName'],
    times: [timeField('RunTime', RUN)],
    message: ['ExecutableName'],
    constants: { data_type: 'windows:prefetch:execution', source_short: 'LOG', source_long: 'WinPrefetch' },
  },
  {
    name: 'jlecmd',
    title: 'JLECmd',
    required: ['SourceFile', 'AppId', 'AppIdDescription', 'SourceModified'],
    times: [timeField('LastModified', 'Last Used Time'), ...LINK_TIMES],
    moreTimes: [timeField('CreationTime', CREATED), ...TARGET_TIMES],
    message: ['Path', 'LocalPath', 'TargetIDAbsolutePath'],
    constants: { data_type: 'olecf:dest_list:entry', source_short: 'OLECF', source_long: 'Jump list' },
  },
  {
    name: 'lecmd',
    title: 'LECmd',
    required: ['SourceFile', 'SourceModified', 'TargetCreated', ['LocalPath', 'RelativePath']],
    times: LINK_TIMES,
    moreTimes: [...TARGET_TIMES, timeField('TrackerCreatedOn', 'Tracker Creation Time')],
    message: ['LocalPath', 'RelativePath', 'SourceFile'],
    constants: { data_type: 'windows:lnk:link', source_short: 'LNK', source_long: 'Windows Shortcut' },
  },
  {
    name: 'recmd',
    title: 'RECmd',
    required: ['HivePath', 'KeyPath', 'LastWriteTimestamp'],
    times: [timeField('LastWriteTimestamp', WRITTEN)],
    message: ['KeyPath'],
    constants: { data_type: 'windows:registry:key_value', source_short: 'REG', source_long: 'Registry Key' },
  },
  {
    name: 'amcacheparser',
    title: 'AmcacheParser files',
    required: ['FileKeyLastWriteTimestamp', 'ProgramId', ['FullPath', 'Name']],
    times: [timeField('FileKeyLastWriteTimestamp', WRITTEN)],
    moreTimes: [timeField('LinkDate', 'Link Time')],
    message: ['FullPath', 'Name'],
    constants: {
      data_type: 'windows:registry:amcache',
      source_short: 'AMCACHE',
      source_long: 'Amcache Registry Entry',
    },
  },
  {
    name: 'amcacheparser-keys',
    title: 'AmcacheParser programs, devices and drivers',
    required: ['KeyLastWriteTimestamp', ['KeyName', 'ProgramId']],
    times: [timeField('KeyLastWriteTimestamp', WRITTEN)],
    moreTimes: [timeField('InstallDate', 'Installation Time'), timeField('DriverTimeStamp', 'Link Time')],
    message: ['Name', 'FriendlyName', 'DriverName', 'LnkName', 'KeyName', 'ProgramId'],
    constants: {
      data_type: 'windows:registry:amcache',
      source_short: 'AMCACHE',
      source_long: 'Amcache Registry Entry',
    },
  },
  {
    name: 'appcompatcacheparser',
    title: 'AppCompatCacheParser',
    required: ['CacheEntryPosition', 'LastModifiedTimeUTC', 'Path'],
    times: [timeField('LastModifiedTimeUTC', MODIFIED)],
    message: ['Path'],
    constants: {
      data_type: 'windows:registry:appcompatcache',
      source_short: 'REG',
      source_long: 'AppCompatCache',
    },
  },
  {
    name: 'sbecmd',
    title: 'SBECmd',
    required: ['BagPath', 'AbsolutePath', 'LastWriteTime'],
    times: [timeField('LastInteracted', 'Last Interacted Time'), timeField('LastWriteTime', WRITTEN)],
    moreTimes: [
      timeField('FirstInteracted', 'First Interacted Time'),
      timeField('CreatedOn', `Target ${CREATED}`),
      timeField('ModifiedOn', `Target ${MODIFIED}`),
      timeField('AccessedOn', `Target ${ACCESSED}`),
    ],
    message: ['AbsolutePath'],
    constants: { data_type: 'windows:shell_item:file_entry', source_short: 'REG', source_long: 'Shellbags' },
  },
  {
    name: 'rbcmd',
    title: 'RBCmd',
    required: ['SourceName', 'FileName', 'DeletedOn'],
    times: [timeField('DeletedOn', 'Content Deletion Time')],
    message: ['FileName'],
    constants: {
      data_type: 'windows:metadata:deleted_item',
      source_short: 'RECBIN',
      source_long: 'Recycle Bin',
    },
  },
  {
    name: 'srumecmd',
    title: 'SrumECmd',
    required: ['Timestamp', 'ExeInfo', 'SidType'],
    times: [timeField('Timestamp', 'Sample Time')],
    message: ['ExeInfo'],
    constants: {
      data_type: 'windows:srum:entry',
      source_short: 'LOG',
      source_long: 'System Resource Usage Monitor',
    },
  },
  {
    name: 'wxtcmd',
    title: 'WxTCmd',
    required: ['ActivityType', 'Executable', 'StartTime'],
    times: [timeField('StartTime', 'Start Time'), timeField('LastModifiedTime', MODIFIED)],
    moreTimes: [
      timeField('EndTime', 'End Time'),
      timeField('CreatedInCloud', CREATED),
      timeField('ExpirationTime', 'Expiration Time'),
    ],
    message: ['DisplayText', 'Executable'],
    constants: {
      data_type: 'windows:timeline:user_engaged',
      source_short: 'LOG',
      source_long: 'Windows Timeline',
    },
  },
]
