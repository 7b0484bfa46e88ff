/** Feature bits that belong to queues and transport, not to a device type (virtio 1.3 §6). */
export const Feature = {
  /** Legacy interface only: any framing of requests (§6.3). */
  anyLayout: 1n << 27n,
  indirectDesc: 1n << 28n,
  eventIdx: 1n << 29n,
  version1: 1n << 32n,
  ringPacked: 1n << 34n,
  ringReset: 1n << 40n,
} as const;
