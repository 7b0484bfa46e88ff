/** Numbers of libvirt's connection, node device and secret calls. */

/** `virConnectListAllNodeDeviceFlags`. */
export const ConnectListAllNodeDeviceFlags = {
  capSystem: 1,
  capPciDev: 2,
  capUsbDev: 4,
  capUsbInterface: 8,
  capNet: 16,
  capScsiHost: 32,
  capScsiTarget: 64,
  capScsi: 128,
  capStorage: 256,
  capFcHost: 512,
  capVports: 1024,
  capScsiGeneric: 2048,
  capDrm: 0x1000,
  capMdevTypes: 0x2000,
  capMdev: 0x4000,
  capCcwDev: 0x8000,
  capCssDev: 0x10000,
  capVdpa: 0x20000,
  capApCard: 0x40000,
  capApQueue: 0x80000,
  capApMatrix: 0x100000,
  capVpd: 0x200000,
  inactive: 0x40000000,
} as const;

/** `virConnectListAllSecretsFlags`. */
export const ConnectListAllSecretsFlags = {
  ephemeral: 1,
  noEphemeral: 2,
  private: 4,
  noPrivate: 8,
} as const;

/** `virSecretUsageType`. */
export const SecretUsageType = {
  none: 0,
  volume: 1,
  ceph: 2,
  iscsi: 3,
  tls: 4,
  vtpm: 5,
} as const;

/** `virSecretEventLifecycleType`. */
export const SecretEventLifecycleType = {
  defined: 0,
  undefined: 1,
} as const;
