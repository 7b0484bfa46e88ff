/** Numbers of libvirt's network and interface calls. */

/** `virConnectListAllNetworksFlags`. */
export const ConnectListAllNetworksFlags = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
} as const;

/** `virNetworkUpdateCommand`. */
export const NetworkUpdateCommand = {
  none: 0,
  modify: 1,
  delete: 2,
  addLast: 3,
  addFirst: 4,
} as const;

/** `virNetworkUpdateSection`. */
export const NetworkUpdateSection = {
  none: 0,
  bridge: 1,
  domain: 2,
  ip: 3,
  ipDhcpHost: 4,
  ipDhcpRange: 5,
  forward: 6,
  forwardInterface: 7,
  forwardPf: 8,
  portgroup: 9,
  dnsHost: 10,
  dnsTxt: 11,
  dnsSrv: 12,
} as const;

/** `virNetworkUpdateFlags`. */
export const NetworkUpdateFlags = {
  current: 0,
  live: 1,
  config: 2,
} as const;
