/** Disks and where their data comes from. */
import { many, one, shape } from "../shape.ts";
import { ADDRESS, ALIAS, BOOT, SOURCE_SECLABEL, VIRTIO_DRIVER } from "./common.ts";

export const DISK_SOURCE_ADDRESS = shape("address", {
  order: "@type @domain @controller @bus @slot @function @target @unit @multifunction",
  int: "@domain @bus @slot @function @controller @unit @port @target",
  onOff: "@multifunction",
});

export const HOST = shape("host", {
  order: "@name @port @transport @socket",
  int: "@port",
});

export const DISK_SOURCE = shape("source", {
  order: "@file @dev @dir @volume @pool @protocol @name >hosts @type @managed @namespace >address",
  int: "@namespace",
  yesNo: "@managed",
  parts: {
    address: one(DISK_SOURCE_ADDRESS),
    hosts: many(HOST),
  },
});

export const DISK = shape("disk", {
  order:
    "@type @device @snapshot driver/@name driver/@type driver/@cache driver/@discard driver/@detect_zeroes driver/@io driver/@iothread driver/@queues driver/@error_policy auth/@username auth/secret/@type auth/secret/@uuid >source target/@dev target/@bus >virtio_driver >alias >address",
  int: "target/@rotation_rate driver/@iothread driver/@queues iotune/read_bytes_sec iotune/read_iops_sec iotune/total_bytes_sec iotune/total_iops_sec iotune/write_bytes_sec iotune/write_iops_sec geometry/@cyls geometry/@heads geometry/@secs",
  yesNo: "transient/@shareBacking",
  onOff: "driver/@copy_on_read target/@removable",
  present: "readonly shareable transient",
  parts: {
    address: one(ADDRESS),
    alias: one(ALIAS),
    boot: one(BOOT),
    seclabels: many(SOURCE_SECLABEL, "source"),
    source: one(DISK_SOURCE),
    virtio_driver: one(VIRTIO_DRIVER),
  },
});
