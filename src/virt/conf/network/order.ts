/** The order of a network's XML. */
import type { OrderTable } from "../arrange.ts";

export const NETWORK_ORDER: OrderTable = {
  network: {
    attributes: "ipv6 trustGuestRxFilters connections",
    children:
      "name uuid metadata forward bridge mtu mac domain dns vlan bandwidth port ip route virtualport portgroup dnsmasq:options",
  },
  "network/bandwidth": { children: "inbound outbound" },
  "network/bandwidth/inbound": { attributes: "average peak floor burst" },
  "network/bandwidth/outbound": { attributes: "average peak floor burst" },
  "network/bridge": { attributes: "name zone stp delay macTableManager" },
  "network/dns": { attributes: "enable forwardPlainNames", children: "forwarder txt srv host" },
  "network/dns/forwarder": { attributes: "domain addr" },
  "network/dns/srv": { attributes: "service protocol domain target port priority weight" },
  "network/dns/txt": { attributes: "name value" },
  "network/domain": { attributes: "name localOnly register" },
  "network/forward": {
    attributes: "dev mode managed",
    children: "driver pf nat interface address",
  },
  "network/forward/address": { attributes: "type domain bus slot function" },
  "network/forward/nat": { attributes: "ipv6", children: "address port" },
  "network/forward/nat/address": { attributes: "start end" },
  "network/forward/nat/port": { attributes: "start end" },
  "network/ip": { attributes: "family address netmask prefix localPtr", children: "tftp dhcp" },
  "network/ip/dhcp": { children: "range host bootp" },
  "network/ip/dhcp/bootp": { attributes: "file server" },
  "network/ip/dhcp/host": { attributes: "mac id name ip" },
  "network/ip/dhcp/host/lease": { attributes: "expiry unit" },
  "network/ip/dhcp/range": { attributes: "start end" },
  "network/ip/dhcp/range/lease": { attributes: "expiry unit" },
  "network/portgroup": {
    attributes: "name default trustGuestRxFilters",
    children: "vlan port virtualport bandwidth",
  },
  "network/portgroup/virtualport/parameters": {
    attributes: "managerid typeid typeidversion instanceid profileid interfaceid",
  },
  "network/portgroup/vlan/tag": { attributes: "id nativeMode" },
  "network/route": { attributes: "family address netmask prefix gateway metric" },
  "network/virtualport/parameters": {
    attributes: "managerid typeid typeidversion instanceid profileid interfaceid",
  },
};
