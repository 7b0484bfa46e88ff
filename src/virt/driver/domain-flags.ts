/** Numbers of libvirt's domain calls: states, reasons, flags. */

/** `virDomainState`. */
export const DomainState = {
  nostate: 0,
  running: 1,
  blocked: 2,
  paused: 3,
  shutdown: 4,
  shutoff: 5,
  crashed: 6,
  pmsuspended: 7,
} as const;

/** `virDomainRunningReason`. */
export const DomainRunningReason = {
  unknown: 0,
  booted: 1,
  migrated: 2,
  restored: 3,
  fromSnapshot: 4,
  unpaused: 5,
  migrationCanceled: 6,
  saveCanceled: 7,
  wakeup: 8,
  crashed: 9,
  postcopy: 10,
  postcopyFailed: 11,
} as const;

/** `virDomainPausedReason`. */
export const DomainPausedReason = {
  unknown: 0,
  user: 1,
  migration: 2,
  save: 3,
  dump: 4,
  ioerror: 5,
  watchdog: 6,
  fromSnapshot: 7,
  shuttingDown: 8,
  snapshot: 9,
  crashed: 10,
  startingUp: 11,
  postcopy: 12,
  postcopyFailed: 13,
} as const;

/** `virDomainShutoffReason`. */
export const DomainShutoffReason = {
  unknown: 0,
  shutdown: 1,
  destroyed: 2,
  crashed: 3,
  migrated: 4,
  saved: 5,
  failed: 6,
  fromSnapshot: 7,
  daemon: 8,
} as const;

/** `virDomainCrashedReason`. */
export const DomainCrashedReason = {
  unknown: 0,
  panicked: 1,
} as const;

/** `virDomainModificationImpact`. */
export const DomainModificationImpact = {
  current: 0,
  live: 1,
  config: 2,
} as const;

/** `virDomainXMLFlags`. */
export const DomainXMLFlags = {
  secure: 1,
  inactive: 2,
  updateCpu: 4,
  migratable: 8,
} as const;

/** `virDomainCreateFlags`. */
export const DomainCreateFlags = {
  none: 0,
  startPaused: 1,
  startAutodestroy: 2,
  startBypassCache: 4,
  startForceBoot: 8,
  startValidate: 16,
  startResetNvram: 32,
} as const;

/** `virDomainDefineFlags`. */
export const DomainDefineFlags = {
  validate: 1,
} as const;

/** `virDomainUndefineFlagsValues`. */
export const DomainUndefineFlags = {
  managedSave: 1,
  snapshotsMetadata: 2,
  nvram: 4,
  keepNvram: 8,
  checkpointsMetadata: 16,
  tpm: 32,
  keepTpm: 64,
} as const;

/** `virDomainShutdownFlagValues`. */
export const DomainShutdownFlags = {
  default: 0,
  acpiPowerBtn: 1,
  guestAgent: 2,
  initctl: 4,
  signal: 8,
  paravirt: 16,
} as const;

/** `virDomainRebootFlagValues`. */
export const DomainRebootFlags = {
  default: 0,
  acpiPowerBtn: 1,
  guestAgent: 2,
  initctl: 4,
  signal: 8,
  paravirt: 16,
} as const;

/** `virDomainDestroyFlagsValues`. */
export const DomainDestroyFlags = {
  default: 0,
  graceful: 1,
  removeLogs: 2,
} as const;

/** `virDomainSaveRestoreFlags`. */
export const DomainSaveRestoreFlags = {
  bypassCache: 1,
  running: 2,
  paused: 4,
  resetNvram: 8,
} as const;

/** `virDomainCoreDumpFlags`. */
export const DomainCoreDumpFlags = {
  crash: 1,
  live: 2,
  bypassCache: 4,
  reset: 8,
  memoryOnly: 16,
} as const;

/** `virConnectListAllDomainsFlags`. */
export const ConnectListAllDomainsFlags = {
  active: 1,
  inactive: 2,
  persistent: 4,
  transient: 8,
  running: 16,
  paused: 32,
  shutoff: 64,
  other: 128,
  managedsave: 256,
  noManagedsave: 512,
  autostart: 1024,
  noAutostart: 2048,
  hasSnapshot: 0x1000,
  noSnapshot: 0x2000,
  hasCheckpoint: 0x4000,
  noCheckpoint: 0x8000,
} as const;

/** `virDomainVcpuFlags`. */
export const DomainVcpuFlags = {
  current: 0,
  live: 1,
  config: 2,
  maximum: 4,
  guest: 8,
  hotpluggable: 16,
} as const;

/** `virDomainMemoryModFlags`. */
export const DomainMemoryModFlags = {
  current: 0,
  live: 1,
  config: 2,
  maximum: 4,
} as const;

/** `virDomainBlockResizeFlags`. */
export const DomainBlockResizeFlags = {
  bytes: 1,
} as const;

/** `virDomainBlockJobAbortFlags`. */
export const DomainBlockJobAbortFlags = {
  async: 1,
  pivot: 2,
} as const;

/** `virDomainBlockPullFlags`. */
export const DomainBlockPullFlags = {
  bytes: 64,
} as const;

/** `virDomainBlockRebaseFlags`. */
export const DomainBlockRebaseFlags = {
  shallow: 1,
  reuseExt: 2,
  copyRaw: 4,
  copy: 8,
  relative: 16,
  copyDev: 32,
  bandwidthBytes: 64,
} as const;

/** `virDomainBlockCommitFlags`. */
export const DomainBlockCommitFlags = {
  shallow: 1,
  delete: 2,
  active: 4,
  relative: 8,
  bandwidthBytes: 16,
} as const;

/** `virDomainDeviceModifyFlags`. */
export const DomainDeviceModifyFlags = {
  current: 0,
  live: 1,
  config: 2,
  force: 4,
} as const;

/** What `virDomainMigrateFlags` says of the way. */
export const DomainMigrateFlags = {
  peer2peer: 2,
  offline: 1024,
} as const;

/** `virDomainMetadataType`. */
export const DomainMetadataType = {
  description: 0,
  title: 1,
  element: 2,
} as const;

/** `virDomainMemoryStatTags`. */
export const DomainMemoryStatTags = {
  swapIn: 0,
  swapOut: 1,
  majorFault: 2,
  minorFault: 3,
  unused: 4,
  available: 5,
  actualBalloon: 6,
  rss: 7,
  usable: 8,
  lastUpdate: 9,
  diskCaches: 10,
  hugetlbPgalloc: 11,
  hugetlbPgfail: 12,
} as const;

/** `virDomainStatsTypes`. */
export const DomainStatsTypes = {
  state: 1,
  cpuTotal: 2,
  balloon: 4,
  vcpu: 8,
  interface: 16,
  block: 32,
  perf: 64,
  iothread: 128,
  memory: 256,
  dirtyrate: 512,
  vm: 1024,
} as const;

/** `virConnectGetAllDomainStatsFlags`. */
export const ConnectGetAllDomainStatsFlags = {
  active: 1,
  inactive: 2,
  persistent: 4,
  transient: 8,
  running: 16,
  paused: 32,
  shutoff: 64,
  other: 128,
  nowait: 0x20000000,
  backing: 0x40000000,
  enforceStats: 0x80000000,
} as const;

/** `virDomainJobType`. */
export const DomainJobType = {
  none: 0,
  bounded: 1,
  unbounded: 2,
  completed: 3,
  failed: 4,
  cancelled: 5,
} as const;

/** `virDomainGetJobStatsFlags`. */
export const DomainGetJobStatsFlags = {
  completed: 1,
  keepCompleted: 2,
} as const;

/** `virDomainConsoleFlags`. */
export const DomainConsoleFlags = {
  force: 1,
  safe: 2,
} as const;

/** `virDomainProcessSignal`. */
export const DomainProcessSignal = {
  nop: 0,
  hup: 1,
  int: 2,
  quit: 3,
  ill: 4,
  trap: 5,
  abrt: 6,
  bus: 7,
  fpe: 8,
  kill: 9,
  usr1: 10,
  segv: 11,
  usr2: 12,
  pipe: 13,
  alrm: 14,
  term: 15,
  stkflt: 16,
  chld: 17,
  cont: 18,
  stop: 19,
  tstp: 20,
  ttin: 21,
  ttou: 22,
  urg: 23,
  xcpu: 24,
  xfsz: 25,
  vtalrm: 26,
  prof: 27,
  winch: 28,
  poll: 29,
  pwr: 30,
  sys: 31,
  rt0: 32,
  rt1: 33,
  rt2: 34,
  rt3: 35,
  rt4: 36,
  rt5: 37,
  rt6: 38,
  rt7: 39,
  rt8: 40,
  rt9: 41,
  rt10: 42,
  rt11: 43,
  rt12: 44,
  rt13: 45,
  rt14: 46,
  rt15: 47,
  rt16: 48,
  rt17: 49,
  rt18: 50,
  rt19: 51,
  rt20: 52,
  rt21: 53,
  rt22: 54,
  rt23: 55,
  rt24: 56,
  rt25: 57,
  rt26: 58,
  rt27: 59,
  rt28: 60,
  rt29: 61,
  rt30: 62,
  rt31: 63,
  rt32: 64,
} as const;

/** `virKeycodeSet`. */
export const KeycodeSet = {
  linux: 0,
  xt: 1,
  atset1: 2,
  atset2: 3,
  atset3: 4,
  osx: 5,
  xtKbd: 6,
  usb: 7,
  win32: 8,
  qnum: 9,
} as const;

/** `virDomainLifecycle`. */
export const DomainLifecycle = {
  poweroff: 0,
  reboot: 1,
  crash: 2,
} as const;

/** `virDomainLifecycleAction`. */
export const DomainLifecycleAction = {
  destroy: 0,
  restart: 1,
  restartRename: 2,
  preserve: 3,
  coredumpDestroy: 4,
  coredumpRestart: 5,
} as const;

/** `virDomainEventType`. */
export const DomainEventType = {
  defined: 0,
  undefined: 1,
  started: 2,
  suspended: 3,
  resumed: 4,
  stopped: 5,
  shutdown: 6,
  pmsuspended: 7,
  crashed: 8,
} as const;

/** `virDomainEventDefinedDetailType`. */
export const DomainEventDefinedDetailType = {
  added: 0,
  updated: 1,
  renamed: 2,
  fromSnapshot: 3,
} as const;

/** `virDomainEventUndefinedDetailType`. */
export const DomainEventUndefinedDetailType = {
  removed: 0,
  renamed: 1,
} as const;

/** `virDomainEventStartedDetailType`. */
export const DomainEventStartedDetailType = {
  booted: 0,
  migrated: 1,
  restored: 2,
  fromSnapshot: 3,
  wakeup: 4,
} as const;

/** `virDomainEventSuspendedDetailType`. */
export const DomainEventSuspendedDetailType = {
  paused: 0,
  migrated: 1,
  ioerror: 2,
  watchdog: 3,
  restored: 4,
  fromSnapshot: 5,
  apiError: 6,
  postcopy: 7,
  postcopyFailed: 8,
} as const;

/** `virDomainEventResumedDetailType`. */
export const DomainEventResumedDetailType = {
  unpaused: 0,
  migrated: 1,
  fromSnapshot: 2,
  postcopy: 3,
  postcopyFailed: 4,
} as const;

/** `virDomainEventStoppedDetailType`. */
export const DomainEventStoppedDetailType = {
  shutdown: 0,
  destroyed: 1,
  crashed: 2,
  migrated: 3,
  saved: 4,
  failed: 5,
  fromSnapshot: 6,
} as const;

/** `virDomainEventShutdownDetailType`. */
export const DomainEventShutdownDetailType = {
  finished: 0,
  guest: 1,
  host: 2,
} as const;

/** `virDomainEventCrashedDetailType`. */
export const DomainEventCrashedDetailType = {
  panicked: 0,
  crashloaded: 1,
} as const;

/** `virDomainNumatuneMemMode`. */
export const DomainNumatuneMemMode = {
  strict: 0,
  preferred: 1,
  interleave: 2,
  restrictive: 3,
} as const;
