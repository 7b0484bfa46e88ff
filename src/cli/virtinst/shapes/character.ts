/** Serial ports, consoles, channels and the other ends of them. */
import { many, one, shape } from "../shape.ts";
import { ADDRESS, ALIAS, BOOT, SOURCE_SECLABEL, VIRTIO_DRIVER } from "./common.ts";

export const CHAR_SOURCE = shape("source", {
  order:
    "../source[@mode='bind']/@host ../source[@mode='bind']/@service @mode ../source[@mode='connect']/@host ../source[@mode='connect']/@service @path @channel",
  int: "@service ../source[@mode='connect']/@service ../source[@mode='bind']/@service",
  yesNo: "@tls clipboard/@copypaste",
  onOff: "../log/@append",
  parts: {
    seclabels: many(SOURCE_SECLABEL),
  },
});

export const CHANNEL = shape("channel", {
  order: "@type >source target/@type target/@name target/@state >virtio_driver >alias >address",
  int: "target/@port",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    source: one(CHAR_SOURCE),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const CONSOLE = shape("console", {
  order: "@type >source target/@type target/@name target/@state >virtio_driver >alias >address",
  int: "target/@port",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    source: one(CHAR_SOURCE),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const PARALLEL = shape("parallel", {
  order: "@type >source target/@type target/@name target/@state >virtio_driver >alias >address",
  int: "target/@port",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    source: one(CHAR_SOURCE),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});

export const SERIAL = shape("serial", {
  order: "@type >source target/@type target/@name target/@state >virtio_driver >alias >address",
  int: "target/@port",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    source: one(CHAR_SOURCE),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});
