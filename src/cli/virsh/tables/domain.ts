/** The commands of `virsh help domain`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import {
  ACTIVE_DOMAIN,
  ANY_DOMAIN,
  CONFIG,
  CURRENT,
  DISABLE_AUTOSTART,
  INACTIVE_XML,
  LIVE,
  LOOP_EVENTS,
  PERSISTENT,
  RESET_NVRAM,
  SAVED_DOMAIN,
  SECURITY_INFO,
  TIMEOUT,
  TIMESTAMP,
  VALIDATE,
  WRAP,
  XPATH,
} from "./rows.ts";

export const DOMAIN = {
  "attach-device": {
    summary: "attach device from an XML file",
    description: "Attach device from an XML <file>.",
    options: {
      domain: ANY_DOMAIN,
      file: { kind: "data", required: true, completes: "path-local-existing", help: "XML file" },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  "attach-disk": {
    summary: "attach disk device",
    description: "Attach new disk device.",
    options: {
      domain: ANY_DOMAIN,
      source: {
        kind: "data",
        required: true,
        emptyOk: true,
        help: "source of disk device or name of network disk",
      },
      target: { kind: "data", required: true, completes: "nothing", help: "target of disk device" },
      targetbus: { kind: "string", help: "target bus of disk device" },
      driver: { kind: "string", help: "driver of disk device" },
      subdriver: { kind: "string", help: "subdriver of disk device" },
      iothread: {
        kind: "string",
        completes: "domain-iothread-id",
        help: "IOThread to be used by supported device",
      },
      cache: { kind: "string", help: "cache mode of disk device" },
      io: { kind: "string", help: "io policy of disk device" },
      type: { kind: "string", help: "target device type" },
      shareable: { kind: "alias", of: "mode=shareable" },
      mode: { kind: "string", help: "mode of device reading and writing" },
      sourcetype: { kind: "string", help: "type of source (block|file|network)" },
      serial: { kind: "string", completes: "nothing", help: "serial of disk device" },
      wwn: { kind: "string", completes: "nothing", help: "wwn of disk device" },
      alias: { kind: "string", completes: "nothing", help: "custom alias name of disk device" },
      rawio: { kind: "bool", help: "needs rawio capability" },
      address: { kind: "string", completes: "nothing", help: "address of disk device" },
      multifunction: { kind: "bool", help: "use multifunction pci under specified address" },
      "print-xml": { kind: "bool", help: "print XML document rather than attach the disk" },
      "source-protocol": { kind: "string", help: "protocol used by disk device source" },
      "source-host-name": {
        kind: "string",
        completes: "nothing",
        help: "host name for source of disk device",
      },
      "source-host-transport": { kind: "string", help: "host transport for source of disk device" },
      "source-host-socket": { kind: "string", help: "host socket for source of disk device" },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  "attach-interface": {
    summary: "attach network interface",
    description: "Attach new network interface.",
    options: {
      domain: ANY_DOMAIN,
      type: { kind: "data", required: true, help: "network interface type" },
      source: { kind: "data", required: true, help: "source of network interface" },
      target: { kind: "string", completes: "nothing", help: "target network name" },
      mac: { kind: "string", completes: "nothing", help: "MAC address" },
      script: { kind: "string", help: "script used to bridge network interface" },
      model: { kind: "string", help: "model type" },
      alias: {
        kind: "string",
        completes: "nothing",
        help: "custom alias name of interface device",
      },
      inbound: { kind: "string", completes: "nothing", help: "control domain's incoming traffics" },
      outbound: {
        kind: "string",
        completes: "nothing",
        help: "control domain's outgoing traffics",
      },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      "print-xml": { kind: "bool", help: "print XML document rather than attach the interface" },
      managed: {
        kind: "bool",
        help: "libvirt will automatically detach/attach the device from/to host",
      },
      "source-mode": {
        kind: "string",
        completes: "domain-interface-source-mode",
        help: "mode attribute of <source/> element",
      },
    },
  },
  autostart: {
    summary: "autostart a domain",
    description: "Configure a domain to be automatically started at boot.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "persistent",
        help: "domain name, id or uuid",
      },
      disable: DISABLE_AUTOSTART,
    },
  },
  blkdeviotune: {
    summary: "Set or query a block device I/O tuning parameters.",
    description: "Set or query disk I/O parameters such as block throttling.",
    options: {
      domain: ANY_DOMAIN,
      device: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "block device",
      },
      total_bytes_sec: { kind: "alias", of: "total-bytes-sec" },
      "total-bytes-sec": {
        kind: "int",
        help: "total throughput limit, as scaled integer (default bytes)",
      },
      read_bytes_sec: { kind: "alias", of: "read-bytes-sec" },
      "read-bytes-sec": {
        kind: "int",
        help: "read throughput limit, as scaled integer (default bytes)",
      },
      write_bytes_sec: { kind: "alias", of: "write-bytes-sec" },
      "write-bytes-sec": {
        kind: "int",
        help: "write throughput limit, as scaled integer (default bytes)",
      },
      total_iops_sec: { kind: "alias", of: "total-iops-sec" },
      "total-iops-sec": { kind: "int", help: "total I/O operations limit per second" },
      read_iops_sec: { kind: "alias", of: "read-iops-sec" },
      "read-iops-sec": { kind: "int", help: "read I/O operations limit per second" },
      write_iops_sec: { kind: "alias", of: "write-iops-sec" },
      "write-iops-sec": { kind: "int", help: "write I/O operations limit per second" },
      total_bytes_sec_max: { kind: "alias", of: "total-bytes-sec-max" },
      "total-bytes-sec-max": { kind: "int", help: "total max, as scaled integer (default bytes)" },
      read_bytes_sec_max: { kind: "alias", of: "read-bytes-sec-max" },
      "read-bytes-sec-max": { kind: "int", help: "read max, as scaled integer (default bytes)" },
      write_bytes_sec_max: { kind: "alias", of: "write-bytes-sec-max" },
      "write-bytes-sec-max": { kind: "int", help: "write max, as scaled integer (default bytes)" },
      total_iops_sec_max: { kind: "alias", of: "total-iops-sec-max" },
      "total-iops-sec-max": { kind: "int", help: "total I/O operations max" },
      read_iops_sec_max: { kind: "alias", of: "read-iops-sec-max" },
      "read-iops-sec-max": { kind: "int", help: "read I/O operations max" },
      write_iops_sec_max: { kind: "alias", of: "write-iops-sec-max" },
      "write-iops-sec-max": { kind: "int", help: "write I/O operations max" },
      size_iops_sec: { kind: "alias", of: "size-iops-sec" },
      "size-iops-sec": { kind: "int", help: "I/O size in bytes" },
      group_name: { kind: "alias", of: "group-name" },
      "group-name": {
        kind: "string",
        completes: "nothing",
        help: "group name to share I/O quota between multiple drives",
      },
      total_bytes_sec_max_length: { kind: "alias", of: "total-bytes-sec-max-length" },
      "total-bytes-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow total max bytes",
      },
      read_bytes_sec_max_length: { kind: "alias", of: "read-bytes-sec-max-length" },
      "read-bytes-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow read max bytes",
      },
      write_bytes_sec_max_length: { kind: "alias", of: "write-bytes-sec-max-length" },
      "write-bytes-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow write max bytes",
      },
      total_iops_sec_max_length: { kind: "alias", of: "total-iops-sec-max-length" },
      "total-iops-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow total I/O operations max",
      },
      read_iops_sec_max_length: { kind: "alias", of: "read-iops-sec-max-length" },
      "read-iops-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow read I/O operations max",
      },
      write_iops_sec_max_length: { kind: "alias", of: "write-iops-sec-max-length" },
      "write-iops-sec-max-length": {
        kind: "int",
        help: "duration in seconds to allow write I/O operations max",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  blkiotune: {
    summary: "Get or set blkio parameters",
    description:
      "Get or set the current blkio parameters for a guest domain.\n    To get the blkio parameters use following command: \n\n    virsh # blkiotune <domain>",
    options: {
      domain: ANY_DOMAIN,
      weight: { kind: "int", help: "IO Weight" },
      "device-weights": {
        kind: "string",
        completes: "nothing",
        help: "per-device IO Weights, in the form of /path/to/device,weight,...",
      },
      "device-read-iops-sec": {
        kind: "string",
        completes: "nothing",
        help: "per-device read I/O limit per second, in the form of /path/to/device,read_iops_sec,...",
      },
      "device-write-iops-sec": {
        kind: "string",
        completes: "nothing",
        help: "per-device write I/O limit per second, in the form of /path/to/device,write_iops_sec,...",
      },
      "device-read-bytes-sec": {
        kind: "string",
        completes: "nothing",
        help: "per-device bytes read per second, in the form of /path/to/device,read_bytes_sec,...",
      },
      "device-write-bytes-sec": {
        kind: "string",
        completes: "nothing",
        help: "per-device bytes wrote per second, in the form of /path/to/device,write_bytes_sec,...",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  blockcommit: {
    summary: "Start a block commit operation.",
    description: "Commit changes from a snapshot down to its backing image.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "fully-qualified path of disk",
      },
      bandwidth: { kind: "int", help: "bandwidth limit in MiB/s" },
      base: {
        kind: "string",
        completes: "domain-blockjob-base-top",
        help: "path of base file to commit into (default bottom of chain)",
      },
      shallow: { kind: "bool", help: "use backing file of top as base" },
      top: {
        kind: "string",
        completes: "domain-blockjob-base-top",
        help: "path of top file to commit from (default top of chain)",
      },
      active: { kind: "bool", help: "trigger two-stage active commit of top file" },
      delete: { kind: "bool", help: "delete files that were successfully committed" },
      wait: {
        kind: "bool",
        help: "wait for job to complete (with --active, wait for job to sync)",
      },
      verbose: { kind: "bool", help: "with --wait, display the progress" },
      timeout: { kind: "int", help: "implies --wait, abort if copy exceeds timeout (in seconds)" },
      pivot: { kind: "bool", help: "implies --active --wait, pivot when commit is synced" },
      "keep-overlay": { kind: "bool", help: "implies --active --wait, quit when commit is synced" },
      async: { kind: "bool", help: "with --wait, don't wait for cancel to finish" },
      "keep-relative": { kind: "bool", help: "keep the backing chain relatively referenced" },
      bytes: { kind: "bool", help: "the bandwidth limit is in bytes/s rather than MiB/s" },
    },
  },
  blockcopy: {
    summary: "Start a block copy operation.",
    description: "Copy a disk backing image chain to dest.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "fully-qualified path of source disk",
      },
      dest: { kind: "string", help: "path of the copy to create" },
      bandwidth: { kind: "int", help: "bandwidth limit in MiB/s" },
      shallow: { kind: "bool", help: "make the copy share a backing chain" },
      "reuse-external": { kind: "bool", help: "reuse existing destination" },
      raw: { kind: "alias", of: "format=raw" },
      blockdev: { kind: "bool", help: "copy destination is block device instead of regular file" },
      wait: { kind: "bool", help: "wait for job to reach mirroring phase" },
      verbose: { kind: "bool", help: "with --wait, display the progress" },
      timeout: { kind: "int", help: "implies --wait, abort if copy exceeds timeout (in seconds)" },
      pivot: { kind: "bool", help: "implies --wait, pivot when mirroring starts" },
      finish: { kind: "bool", help: "implies --wait, quit when mirroring starts" },
      async: { kind: "bool", help: "with --wait, don't wait for cancel to finish" },
      xml: {
        kind: "string",
        completes: "path-local-existing",
        help: "filename containing XML description of the copy destination",
      },
      format: {
        kind: "string",
        completes: "domain-storage-file-format",
        help: "format of the destination file",
      },
      granularity: { kind: "int", help: "power-of-two granularity to use during the copy" },
      "buf-size": { kind: "int", help: "maximum amount of in-flight data during the copy" },
      bytes: { kind: "bool", help: "the bandwidth limit is in bytes/s rather than MiB/s" },
      "transient-job": { kind: "bool", help: "the copy job is not persisted if VM is turned off" },
      "synchronous-writes": {
        kind: "bool",
        help: "the copy job forces guest writes to be synchronously written to the destination",
      },
      "print-xml": {
        kind: "bool",
        help: "print the XML used to start the copy job instead of starting the job",
      },
    },
  },
  blockjob: {
    summary: "Manage active block operations",
    description: "Query, adjust speed, or cancel active block operations.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "fully-qualified path of disk",
      },
      abort: { kind: "bool", help: "abort the active job on the specified disk" },
      async: { kind: "bool", help: "implies --abort; request but don't wait for job end" },
      pivot: { kind: "bool", help: "implies --abort; conclude and pivot a copy or commit job" },
      info: { kind: "bool", help: "get active job information for the specified disk" },
      bytes: { kind: "bool", help: "get/set bandwidth in bytes rather than MiB/s" },
      raw: { kind: "bool", help: "implies --info; output details rather than human summary" },
      bandwidth: { kind: "int", help: "set the bandwidth limit in MiB/s" },
    },
  },
  blockpull: {
    summary: "Populate a disk from its backing image.",
    description: "Populate a disk from its backing image.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "fully-qualified path of disk",
      },
      bandwidth: { kind: "int", help: "bandwidth limit in MiB/s" },
      base: {
        kind: "string",
        completes: "domain-blockjob-base-top",
        help: "path of backing file in chain for a partial pull",
      },
      wait: { kind: "bool", help: "wait for job to finish" },
      verbose: { kind: "bool", help: "with --wait, display the progress" },
      timeout: { kind: "int", help: "with --wait, abort if pull exceeds timeout (in seconds)" },
      async: { kind: "bool", help: "with --wait, don't wait for cancel to finish" },
      "keep-relative": { kind: "bool", help: "keep the backing chain relatively referenced" },
      bytes: { kind: "bool", help: "the bandwidth limit is in bytes/s rather than MiB/s" },
    },
  },
  blockresize: {
    summary: "Resize block device of domain.",
    description: "Resize block device of domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "Fully-qualified path of block device",
      },
      size: {
        kind: "int",
        required: true,
        help: "New size of the block device, as scaled integer (default KiB)",
      },
    },
  },
  "change-media": {
    summary: "Change media of CD or floppy drive",
    description: "Change media of CD or floppy drive.",
    options: {
      domain: ANY_DOMAIN,
      path: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "Fully-qualified path or target of disk device",
      },
      source: { kind: "string", help: "source of the media" },
      eject: { kind: "bool", help: "Eject the media" },
      insert: { kind: "bool", help: "Insert the media" },
      update: { kind: "bool", help: "Update the media" },
      current: {
        kind: "bool",
        help: "can be either or both of --live and --config, depends on implementation hypervisor driver",
      },
      live: { kind: "bool", help: "alter live configuration of running domain" },
      config: {
        kind: "bool",
        help: "alter persistent configuration, effect observed on next boot",
      },
      force: { kind: "bool", help: "force media changing" },
      "print-xml": { kind: "bool", help: "print XML document rather than change media" },
      block: { kind: "bool", help: "source media is a block device" },
    },
  },
  console: {
    summary: "connect to the guest console",
    description: "Connect the virtual serial console for the guest",
    options: {
      domain: ACTIVE_DOMAIN,
      devname: { kind: "string", completes: "domain-console", help: "character device name" },
      force: {
        kind: "bool",
        help: "force console connection (disconnect already connected sessions)",
      },
      safe: { kind: "bool", help: "only connect if safe console handling is supported" },
    },
  },
  "cpu-stats": {
    summary: "show domain cpu statistics",
    description: "Display per-CPU and total statistics about the domain's CPUs",
    options: {
      domain: ACTIVE_DOMAIN,
      total: { kind: "bool", help: "Show total statistics only" },
      start: { kind: "int", help: "Show statistics from this CPU" },
      count: { kind: "int", help: "Number of shown CPUs at most" },
    },
  },
  create: {
    summary: "create a domain from an XML file",
    description: "Create a domain.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML domain description",
      },
      console: { kind: "bool", help: "attach to console after creation" },
      paused: { kind: "bool", help: "leave the guest paused after creation" },
      autodestroy: { kind: "bool", help: "automatically destroy the guest when virsh disconnects" },
      "pass-fds": {
        kind: "string",
        completes: "nothing",
        help: "pass file descriptors N,M,... to the guest",
      },
      validate: VALIDATE,
      "reset-nvram": RESET_NVRAM,
    },
  },
  define: {
    summary: "define (but don't start) a domain from an XML file",
    description: "Define a domain.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML domain description",
      },
      validate: VALIDATE,
    },
  },
  desc: {
    summary: "show or set domain's description or title",
    description: "Allows setting or modifying the description or title of a domain.",
    options: {
      domain: ANY_DOMAIN,
      live: { kind: "bool", help: "modify/get running state" },
      config: { kind: "bool", help: "modify/get persistent configuration" },
      current: { kind: "bool", help: "modify/get current state configuration" },
      title: { kind: "bool", help: "modify/get the title instead of description" },
      edit: { kind: "bool", help: "open an editor to modify the description" },
      "new-desc": { kind: "argv", help: "message" },
    },
  },
  destroy: {
    summary: "destroy (stop) a domain",
    description: "Forcefully stop a given domain, but leave its resources intact.",
    options: {
      domain: ACTIVE_DOMAIN,
      graceful: { kind: "bool", help: "terminate gracefully" },
      "remove-logs": { kind: "bool", help: "remove domain logs" },
    },
  },
  "detach-device": {
    summary: "detach device from an XML file",
    description: "Detach device from an XML <file>",
    options: {
      domain: ANY_DOMAIN,
      file: { kind: "data", required: true, completes: "path-local-existing", help: "XML file" },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  "detach-device-alias": {
    summary: "detach device from an alias",
    description: "Detach device identified by the given alias from a domain",
    options: {
      domain: ANY_DOMAIN,
      alias: {
        kind: "data",
        required: true,
        completes: "domain-device-alias",
        help: "device alias",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  "detach-disk": {
    summary: "detach disk device",
    description: "Detach disk device.",
    options: {
      domain: ANY_DOMAIN,
      target: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "target of disk device",
      },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      "print-xml": { kind: "bool", help: "print XML document rather than detach the disk" },
    },
  },
  "detach-interface": {
    summary: "detach network interface",
    description: "Detach network interface.",
    options: {
      domain: ANY_DOMAIN,
      type: { kind: "data", required: true, help: "network interface type" },
      mac: { kind: "string", completes: "domain-interface", among: "mac", help: "MAC address" },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      "print-xml": { kind: "bool", help: "print XML document rather than detach the interface" },
    },
  },
  domdisplay: {
    summary: "domain display connection URI",
    description: "Output the IP address and port number for the graphical display.",
    options: {
      domain: ACTIVE_DOMAIN,
      "include-password": {
        kind: "bool",
        help: "includes the password into the connection URI if available",
      },
      type: {
        kind: "string",
        help: 'select particular graphical display (e.g. "vnc", "spice", "rdp", "dbus")',
      },
      all: { kind: "bool", help: "show all possible graphical displays" },
    },
  },
  domfsfreeze: {
    summary: "Freeze domain's mounted filesystems.",
    description: "Freeze domain's mounted filesystems.",
    options: {
      domain: ACTIVE_DOMAIN,
      mountpoint: {
        kind: "argv",
        completes: "domain-fs-mountpoints",
        help: "mountpoint path to be frozen",
      },
    },
  },
  domfsthaw: {
    summary: "Thaw domain's mounted filesystems.",
    description: "Thaw domain's mounted filesystems.",
    options: {
      domain: ACTIVE_DOMAIN,
      mountpoint: {
        kind: "argv",
        completes: "domain-fs-mountpoints",
        help: "mountpoint path to be thawed",
      },
    },
  },
  domfsinfo: {
    summary: "Get information of domain's mounted filesystems.",
    description: "Get information of domain's mounted filesystems.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  domfstrim: {
    summary: "Invoke fstrim on domain's mounted filesystems.",
    description: "Invoke fstrim on domain's mounted filesystems.",
    options: {
      domain: ACTIVE_DOMAIN,
      minimum: {
        kind: "int",
        help: "Just a hint to ignore contiguous free ranges smaller than this (Bytes)",
      },
      mountpoint: {
        kind: "string",
        completes: "domain-fs-mountpoints",
        help: "which mount point to trim",
      },
    },
  },
  domhostname: {
    summary: "print the domain's hostname",
    description: "",
    options: {
      domain: ACTIVE_DOMAIN,
      source: {
        kind: "string",
        completes: "domain-hostname-source",
        help: "address source: 'lease' or 'agent'",
      },
    },
  },
  domid: {
    summary: "convert a domain name or UUID to domain id",
    description: "",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "active",
        help: "domain name or uuid",
      },
    },
  },
  "domif-setlink": {
    summary: "set link state of a virtual interface",
    description:
      "Set link state of a domain's virtual interface. This command wraps usage of update-device command.",
    options: {
      domain: ANY_DOMAIN,
      interface: {
        kind: "data",
        required: true,
        completes: "domain-interface",
        help: "interface device (MAC Address)",
      },
      state: {
        kind: "data",
        required: true,
        completes: "domain-interface-state",
        help: "new state of the device",
      },
      persistent: { kind: "alias", of: "config" },
      config: CONFIG,
      "print-xml": {
        kind: "bool",
        help: "print XML document rather than set the interface link state",
      },
    },
  },
  domiftune: {
    summary: "get/set parameters of a virtual interface",
    description: "Get/set parameters of a domain's virtual interface.",
    options: {
      domain: ANY_DOMAIN,
      interface: {
        kind: "data",
        required: true,
        completes: "domain-interface",
        help: "interface device (MAC Address)",
      },
      inbound: { kind: "string", completes: "nothing", help: "control domain's incoming traffics" },
      outbound: {
        kind: "string",
        completes: "nothing",
        help: "control domain's outgoing traffics",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  domjobabort: {
    summary: "abort active domain job",
    description: "Aborts the currently running domain job",
    options: {
      domain: ACTIVE_DOMAIN,
      postcopy: { kind: "bool", help: "interrupt post-copy migration" },
    },
  },
  domjobinfo: {
    summary: "domain job information",
    description: "Returns information about jobs running on a domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      completed: { kind: "bool", help: "return statistics of a recently completed job" },
      "keep-completed": {
        kind: "bool",
        help: "don't destroy statistics of a recently completed job when reading",
      },
      anystats: { kind: "bool", help: "print statistics for any kind of job (even failed ones)" },
      rawstats: { kind: "bool", help: "print the raw data returned by libvirt" },
    },
  },
  domlaunchsecinfo: {
    summary: "Get domain launch security info",
    description: "Get the launch security parameters for a guest domain",
    options: {
      domain: ANY_DOMAIN,
    },
  },
  domsetlaunchsecstate: {
    summary: "Set domain launch security state",
    description: "Set a secret in the guest domain's memory",
    options: {
      domain: ANY_DOMAIN,
      secrethdr: { kind: "string", named: true, help: "path to file containing the secret header" },
      secret: { kind: "string", named: true, help: "path to file containing the secret" },
      "set-address": {
        kind: "int",
        help: "physical address within the guest domain's memory to set the secret",
      },
    },
  },
  domname: {
    summary: "convert a domain id or UUID to domain name",
    description: "",
    options: {
      domain: { kind: "data", required: true, completes: "domain-uuid", help: "domain id or uuid" },
    },
  },
  domrename: {
    summary: "rename a domain",
    description: "Rename an inactive domain.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "inactive",
        help: "domain name or uuid",
      },
      "new-name": { kind: "data", required: true, completes: "nothing", help: "new domain name" },
    },
  },
  dompmsuspend: {
    summary: "suspend a domain gracefully using power management functions",
    description:
      "Suspends a running domain using guest OS's power management. (Note: This requires a guest agent configured and running in the guest OS).",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "running",
        help: "domain name, id or uuid",
      },
      target: {
        kind: "data",
        required: true,
        completes: "node-suspend-target",
        help: "mem(Suspend-to-RAM), disk(Suspend-to-Disk), hybrid(Hybrid-Suspend)",
      },
      duration: { kind: "int", named: true, help: "duration in seconds" },
    },
  },
  dompmwakeup: {
    summary: "wakeup a domain from pmsuspended state",
    description: "Wakeup a domain that was previously suspended by power management.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "other",
        help: "domain name, id or uuid",
      },
    },
  },
  domuuid: {
    summary: "convert a domain name or id to domain UUID",
    description: "",
    options: {
      domain: { kind: "data", required: true, completes: "domain-name", help: "domain id or name" },
    },
  },
  "domxml-from-native": {
    summary: "Convert native config to domain XML",
    description: "Convert native guest configuration format to domain XML format.",
    options: {
      format: { kind: "data", required: true, help: "source config data format" },
      config: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "config data file to import from",
      },
    },
  },
  "domxml-to-native": {
    summary: "Convert domain XML to native config",
    description: "Convert domain XML config to a native guest configuration format.",
    options: {
      format: { kind: "data", required: true, help: "target config data type format" },
      domain: {
        kind: "string",
        named: true,
        completes: "domain-name",
        help: "domain name, id or uuid",
      },
      xml: {
        kind: "string",
        completes: "path-local-existing",
        help: "xml data file to export from",
      },
    },
  },
  dump: {
    summary: "dump the core of a domain to a file for analysis",
    description: "Core dump a domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      file: { kind: "data", required: true, help: "where to dump the core" },
      live: { kind: "bool", help: "perform a live core dump if supported" },
      crash: { kind: "bool", help: "crash the domain after core dump" },
      "bypass-cache": { kind: "bool", help: "avoid file system cache when dumping" },
      reset: { kind: "bool", help: "reset the domain after core dump" },
      verbose: { kind: "bool", help: "display the progress of dump" },
      "memory-only": { kind: "bool", help: "dump domain's memory only" },
      format: {
        kind: "string",
        completes: "domain-core-dump-format",
        help: "specify the format of memory-only dump",
      },
    },
  },
  dumpxml: {
    summary: "domain information in XML",
    description: "Output the domain information as an XML dump to stdout.",
    options: {
      domain: ANY_DOMAIN,
      inactive: INACTIVE_XML,
      "security-info": SECURITY_INFO,
      "update-cpu": { kind: "bool", help: "update guest CPU according to host CPU" },
      migratable: { kind: "bool", help: "provide XML suitable for migrations" },
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  edit: {
    summary: "edit XML configuration for a domain",
    description: "Edit the XML configuration for a domain.",
    options: {
      domain: ANY_DOMAIN,
      "skip-validate": { kind: "bool", help: "skip validation of the XML against the schema" },
    },
  },
  "get-user-sshkeys": {
    summary: "list authorized SSH keys for given user (via agent)",
    description: "Use the guest agent to query authorized SSH keys for given user",
    options: {
      domain: ACTIVE_DOMAIN,
      user: { kind: "data", required: true, help: "user to list authorized keys for" },
    },
  },
  "inject-nmi": {
    summary: "Inject NMI to the guest",
    description: "Inject NMI to the guest domain.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  iothreadinfo: {
    summary: "view domain IOThreads",
    description: "Returns basic information about the domain IOThreads.",
    options: {
      domain: ANY_DOMAIN,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  iothreadpin: {
    summary: "control domain IOThread affinity",
    description: "Pin domain IOThreads to host physical CPUs.",
    options: {
      domain: ANY_DOMAIN,
      iothread: {
        kind: "int",
        required: true,
        completes: "domain-iothread-id",
        help: "IOThread ID number",
      },
      cpulist: {
        kind: "data",
        required: true,
        completes: "domain-cpulist",
        help: "host cpu number(s) to set",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  iothreadadd: {
    summary: "add an IOThread to the guest domain",
    description: "Add an IOThread to the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      id: { kind: "int", required: true, help: "iothread for the new IOThread" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  iothreadset: {
    summary: "modifies an existing IOThread of the guest domain",
    description: "Modifies an existing IOThread of the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      id: {
        kind: "int",
        required: true,
        completes: "domain-iothread-id",
        help: "iothread id of existing IOThread",
      },
      "poll-max-ns": { kind: "int", help: "set the maximum IOThread polling time in ns" },
      "poll-grow": { kind: "int", help: "set the value to increase the IOThread polling time" },
      "poll-shrink": {
        kind: "int",
        help: "set the value for reduction of the IOThread polling time",
      },
      "thread-pool-min": { kind: "int", help: "lower boundary for worker thread pool" },
      "thread-pool-max": { kind: "int", help: "upper boundary for worker thread pool" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  iothreaddel: {
    summary: "delete an IOThread from the guest domain",
    description: "Delete an IOThread from the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      id: {
        kind: "int",
        required: true,
        completes: "domain-iothread-id",
        help: "iothread_id for the IOThread to delete",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  "send-key": {
    summary: "Send keycodes to the guest",
    description: "Send keycodes (integers or symbolic names) to the guest",
    options: {
      domain: ACTIVE_DOMAIN,
      codeset: {
        kind: "string",
        named: true,
        completes: "codeset-name",
        help: "the codeset of keycodes, default:linux",
      },
      holdtime: {
        kind: "int",
        named: true,
        help: "the time (in milliseconds) how long the keys will be held",
      },
      keycode: { kind: "argv", required: true, completes: "keycode-name", help: "the key code" },
    },
  },
  "send-process-signal": {
    summary: "Send signals to processes",
    description: "Send signals to processes in the guest",
    options: {
      domain: ACTIVE_DOMAIN,
      pid: { kind: "data", required: true, completes: "nothing", help: "the process ID" },
      signame: {
        kind: "data",
        required: true,
        completes: "domain-signal",
        help: "the signal number or name",
      },
    },
  },
  "lxc-enter-namespace": {
    summary: "LXC Guest Enter Namespace",
    description: "Run an arbitrary command in a lxc guest namespace; use at your own risk",
    options: {
      domain: ACTIVE_DOMAIN,
      noseclabel: { kind: "bool", help: "Do not change process security label" },
      cmd: { kind: "argv", required: true, help: "command to run" },
    },
  },
  managedsave: {
    summary: "managed save of a domain state",
    description:
      "Save and destroy a running domain, so it can be restarted from\n    the same state at a later time.  When the virsh 'start'\n    command is next run for the domain, it will automatically\n    be started from this saved state.",
    options: {
      domain: ACTIVE_DOMAIN,
      "bypass-cache": { kind: "bool", help: "avoid file system cache when saving" },
      running: { kind: "bool", help: "set domain to be running on next start" },
      paused: { kind: "bool", help: "set domain to be paused on next start" },
      verbose: { kind: "bool", help: "display the progress of save" },
    },
  },
  "managedsave-remove": {
    summary: "Remove managed save of a domain",
    description: "Remove an existing managed save state file from a domain",
    options: {
      domain: SAVED_DOMAIN,
    },
  },
  "managedsave-edit": {
    summary: "edit XML for a domain's managed save state file",
    description: "Edit the domain XML associated with the managed save state file",
    options: {
      domain: SAVED_DOMAIN,
      running: { kind: "bool", help: "set domain to be running on start" },
      paused: { kind: "bool", help: "set domain to be paused on start" },
    },
  },
  "managedsave-dumpxml": {
    summary: "Domain information of managed save state file in XML",
    description: "Dump XML of domain information for a managed save state file to stdout.",
    options: {
      domain: SAVED_DOMAIN,
      "security-info": SECURITY_INFO,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "managedsave-define": {
    summary: "redefine the XML for a domain's managed save state file",
    description: "Replace the domain XML associated with a managed save state file",
    options: {
      domain: SAVED_DOMAIN,
      xml: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "filename containing updated XML for the target",
      },
      running: { kind: "bool", help: "set domain to be running on start" },
      paused: { kind: "bool", help: "set domain to be paused on start" },
    },
  },
  memtune: {
    summary: "Get or set memory parameters",
    description:
      "Get or set the current memory parameters for a guest domain.\n    To get the memory parameters use following command: \n\n    virsh # memtune <domain>",
    options: {
      domain: ANY_DOMAIN,
      "hard-limit": { kind: "int", help: "Max memory, as scaled integer (default KiB)" },
      "soft-limit": {
        kind: "int",
        help: "Memory during contention, as scaled integer (default KiB)",
      },
      "swap-hard-limit": {
        kind: "int",
        help: "Max memory plus swap, as scaled integer (default KiB)",
      },
      "min-guarantee": {
        kind: "int",
        help: "Min guaranteed memory, as scaled integer (default KiB)",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  perf: {
    summary: "Get or set perf event",
    description:
      "Get or set the current perf events for a guest domain.\n    To get the perf events list use following command: \n\n    virsh # perf <domain>",
    options: {
      domain: ANY_DOMAIN,
      enable: {
        kind: "string",
        completes: "domain-perf-enable",
        help: "perf events which will be enabled",
      },
      disable: {
        kind: "string",
        completes: "domain-perf-disable",
        help: "perf events which will be disabled",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  metadata: {
    summary: "show or set domain's custom XML metadata",
    description: "Shows or modifies the XML metadata of a domain.",
    options: {
      domain: ANY_DOMAIN,
      uri: { kind: "data", required: true, help: "URI of the namespace" },
      live: { kind: "bool", help: "modify/get running state" },
      config: { kind: "bool", help: "modify/get persistent configuration" },
      current: { kind: "bool", help: "modify/get current state configuration" },
      edit: { kind: "bool", help: "use an editor to change the metadata" },
      key: { kind: "string", help: "key to be used as a namespace identifier" },
      set: { kind: "string", completes: "nothing", help: "new metadata to set" },
      remove: { kind: "bool", help: "remove the metadata corresponding to an uri" },
    },
  },
  migrate: {
    summary: "migrate domain to another host",
    description: "Migrate domain to another host.  Add --live for live migration.",
    options: {
      domain: ANY_DOMAIN,
      desturi: {
        kind: "data",
        required: true,
        completes: "nothing",
        help: "connection URI of the destination host as seen from the client(normal migration) or source(p2p migration)",
      },
      live: { kind: "bool", help: "live migration" },
      offline: { kind: "bool", help: "offline migration" },
      p2p: { kind: "bool", help: "peer-2-peer migration" },
      direct: { kind: "bool", help: "direct migration" },
      tunneled: { kind: "alias", of: "tunnelled" },
      tunnelled: { kind: "bool", help: "tunnelled migration" },
      persistent: { kind: "bool", help: "persist VM on destination" },
      undefinesource: { kind: "bool", help: "undefine VM on source" },
      suspend: { kind: "bool", help: "do not restart the domain on the destination host" },
      "copy-storage-all": {
        kind: "bool",
        help: "migration with non-shared storage with full disk copy",
      },
      "copy-storage-inc": {
        kind: "bool",
        help: "migration with non-shared storage with incremental copy (same base image shared between source and destination)",
      },
      "copy-storage-synchronous-writes": {
        kind: "bool",
        help: "force guest disk writes to be synchronously written to the destination to improve storage migration convergence",
      },
      "change-protection": {
        kind: "bool",
        help: "prevent any configuration changes to domain until migration ends",
      },
      unsafe: { kind: "bool", help: "force migration even if it may be unsafe" },
      verbose: { kind: "bool", help: "display the progress of migration" },
      compressed: { kind: "bool", help: "compress repeated pages during live migration" },
      "auto-converge": { kind: "bool", help: "force convergence during live migration" },
      "rdma-pin-all": { kind: "bool", help: "pin all memory before starting RDMA live migration" },
      "abort-on-error": { kind: "bool", help: "abort on soft errors during migration" },
      postcopy: {
        kind: "bool",
        help: "enable post-copy migration; switch to it using migrate-postcopy command",
      },
      "postcopy-after-precopy": {
        kind: "bool",
        help: "automatically switch to post-copy migration after one pass of pre-copy",
      },
      "postcopy-resume": { kind: "bool", help: "resume failed post-copy migration" },
      zerocopy: { kind: "bool", help: "use zero-copy mechanism for migrating memory pages" },
      migrateuri: {
        kind: "string",
        completes: "nothing",
        help: "migration URI, usually can be omitted",
      },
      graphicsuri: {
        kind: "string",
        completes: "nothing",
        help: "graphics URI to be used for seamless graphics migration",
      },
      "listen-address": {
        kind: "string",
        completes: "nothing",
        help: "listen address that destination should bind to for incoming migration",
      },
      dname: {
        kind: "string",
        completes: "nothing",
        help: "rename to new name during migration (if supported)",
      },
      timeout: {
        kind: "int",
        help: "run action specified by --timeout-* option (suspend by default) if live migration exceeds timeout (in seconds)",
      },
      "timeout-suspend": { kind: "bool", help: "suspend the guest after timeout" },
      "timeout-postcopy": { kind: "bool", help: "switch to post-copy after timeout" },
      xml: {
        kind: "string",
        completes: "path-local-existing",
        help: "filename containing updated XML for the target",
      },
      "migrate-disks": {
        kind: "string",
        completes: "domain-migrate-disks",
        help: "comma separated list of disks to be migrated",
      },
      "disks-port": {
        kind: "int",
        help: "port to use by target server for incoming disks migration",
      },
      "disks-uri": {
        kind: "string",
        completes: "nothing",
        help: "URI to use for disks migration (overrides --disks-port)",
      },
      "comp-methods": {
        kind: "string",
        completes: "domain-migrate-comp-methods",
        help: "comma separated list of compression methods to be used",
      },
      "comp-mt-level": { kind: "int", help: "compress level for multithread compression" },
      "comp-mt-threads": {
        kind: "int",
        help: "number of compression threads for multithread compression",
      },
      "comp-mt-dthreads": {
        kind: "int",
        help: "number of decompression threads for multithread compression",
      },
      "comp-xbzrle-cache": { kind: "int", help: "page cache size for xbzrle compression" },
      "auto-converge-initial": {
        kind: "int",
        help: "initial CPU throttling rate for auto-convergence",
      },
      "auto-converge-increment": {
        kind: "int",
        help: "CPU throttling rate increment for auto-convergence",
      },
      "persistent-xml": {
        kind: "string",
        completes: "path-local-existing",
        help: "filename containing updated persistent XML for the target",
      },
      tls: { kind: "bool", help: "use TLS for migration" },
      "postcopy-bandwidth": { kind: "int", help: "post-copy migration bandwidth limit in MiB/s" },
      parallel: { kind: "bool", help: "enable parallel migration" },
      "parallel-connections": { kind: "int", help: "number of connections for parallel migration" },
      bandwidth: { kind: "int", help: "migration bandwidth limit in MiB/s" },
      "tls-destination": {
        kind: "string",
        completes: "nothing",
        help: "override the destination host name used for TLS verification",
      },
    },
  },
  "migrate-setmaxdowntime": {
    summary: "set maximum tolerable downtime",
    description:
      "Set maximum tolerable downtime of a domain which is being live-migrated to another host.",
    options: {
      domain: ACTIVE_DOMAIN,
      downtime: {
        kind: "int",
        required: true,
        help: "maximum tolerable downtime (in milliseconds) for migration",
      },
    },
  },
  "migrate-getmaxdowntime": {
    summary: "get maximum tolerable downtime",
    description:
      "Get maximum tolerable downtime of a domain which is being live-migrated to another host.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  "migrate-compcache": {
    summary: "get/set compression cache size",
    description:
      "Get/set size of the cache (in bytes) used for compressing repeatedly transferred memory pages during live migration.",
    options: {
      domain: ACTIVE_DOMAIN,
      size: {
        kind: "int",
        named: true,
        help: "requested size of the cache (in bytes) used for compression",
      },
    },
  },
  "migrate-setspeed": {
    summary: "Set the maximum migration bandwidth",
    description:
      "Set the maximum migration bandwidth (in MiB/s) for a domain which is being migrated to another host.",
    options: {
      domain: ACTIVE_DOMAIN,
      bandwidth: { kind: "int", required: true, help: "migration bandwidth limit in MiB/s" },
      postcopy: { kind: "bool", help: "set post-copy migration bandwidth" },
    },
  },
  "migrate-getspeed": {
    summary: "Get the maximum migration bandwidth",
    description: "Get the maximum migration bandwidth (in MiB/s) for a domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      postcopy: { kind: "bool", help: "get post-copy migration bandwidth" },
    },
  },
  "migrate-postcopy": {
    summary: "Switch running migration from pre-copy to post-copy",
    description:
      "Switch running migration from pre-copy to post-copy. The migration must have been started with --postcopy option.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  numatune: {
    summary: "Get or set numa parameters",
    description:
      "Get or set the current numa parameters for a guest domain.\n    To get the numa parameters use following command: \n\n    virsh # numatune <domain>",
    options: {
      domain: ANY_DOMAIN,
      mode: {
        kind: "string",
        completes: "domain-numatune-mode",
        help: "NUMA mode, one of strict, preferred and interleave \nor a number from the virDomainNumatuneMemMode enum",
      },
      nodeset: { kind: "string", help: "NUMA node selections to set" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  "qemu-attach": {
    summary: "QEMU Attach",
    description: "QEMU Attach",
    options: {
      pid: { kind: "data", required: true, completes: "nothing", help: "pid" },
    },
  },
  "qemu-monitor-command": {
    summary: "QEMU Monitor Command",
    description: "QEMU Monitor Command",
    options: {
      domain: ACTIVE_DOMAIN,
      hmp: { kind: "bool", help: "command is in human monitor protocol" },
      pretty: { kind: "bool", help: "pretty-print any qemu monitor protocol output" },
      "return-value": {
        kind: "bool",
        help: "extract the value of the 'return' key from the returned string",
      },
      "pass-fds": {
        kind: "string",
        named: true,
        completes: "nothing",
        help: "pass file descriptors N,M,... along with the command",
      },
      cmd: { kind: "argv", required: true, help: "command" },
    },
  },
  "qemu-monitor-event": {
    summary: "QEMU Monitor Events",
    description: "Listen for QEMU Monitor Events",
    options: {
      domain: {
        kind: "string",
        completes: "domain-name",
        help: "filter by domain name, id or uuid",
      },
      event: { kind: "string", help: "filter by event name" },
      pretty: { kind: "bool", help: "pretty-print any JSON output" },
      loop: LOOP_EVENTS,
      timeout: TIMEOUT,
      regex: { kind: "bool", help: "treat event as a regex rather than literal filter" },
      "no-case": { kind: "bool", help: "treat event case-insensitively" },
      timestamp: TIMESTAMP,
    },
  },
  "qemu-agent-command": {
    summary: "QEMU Guest Agent Command",
    description: "Run an arbitrary qemu guest agent command; use at your own risk",
    options: {
      domain: ACTIVE_DOMAIN,
      timeout: { kind: "int", named: true, help: "timeout seconds. must be positive." },
      async: { kind: "bool", help: "execute command without waiting for timeout" },
      block: { kind: "bool", help: "execute command without timeout" },
      pretty: { kind: "bool", help: "pretty-print the output" },
      cmd: { kind: "argv", required: true, help: "command" },
    },
  },
  "guest-agent-timeout": {
    summary: "Set the guest agent timeout",
    description: "Set the number of seconds to wait for a response from the guest agent.",
    options: {
      domain: ANY_DOMAIN,
      timeout: { kind: "int", named: true, help: "timeout seconds." },
    },
  },
  reboot: {
    summary: "reboot a domain",
    description: "Run a reboot command in the target domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      mode: {
        kind: "string",
        completes: "domain-shutdown-mode",
        help: "shutdown mode: acpi|agent|initctl|signal|paravirt",
      },
    },
  },
  reset: {
    summary: "reset a domain",
    description: "Reset the target domain as if by power button",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  restore: {
    summary: "restore a domain from a saved state in a file",
    description: "Restore a domain.",
    options: {
      file: { kind: "data", required: true, help: "the state to restore" },
      "bypass-cache": { kind: "bool", help: "avoid file system cache when restoring" },
      xml: {
        kind: "string",
        completes: "path-local-existing",
        help: "filename containing updated XML for the target",
      },
      running: { kind: "bool", help: "restore domain into running state" },
      paused: { kind: "bool", help: "restore domain into paused state" },
      "reset-nvram": RESET_NVRAM,
    },
  },
  resume: {
    summary: "resume a domain",
    description: "Resume a previously suspended domain.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "paused",
        help: "domain name, id or uuid",
      },
    },
  },
  save: {
    summary: "save a domain state to a file",
    description: "Save the RAM state of a running domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      file: { kind: "data", required: true, help: "where to save the data" },
      "bypass-cache": { kind: "bool", help: "avoid file system cache when saving" },
      xml: {
        kind: "string",
        completes: "path-local-existing",
        help: "filename containing updated XML for the target",
      },
      running: { kind: "bool", help: "set domain to be running on restore" },
      paused: { kind: "bool", help: "set domain to be paused on restore" },
      verbose: { kind: "bool", help: "display the progress of save" },
    },
  },
  "save-image-define": {
    summary: "redefine the XML for a domain's saved state file",
    description: "Replace the domain XML associated with a saved state file",
    options: {
      file: { kind: "data", required: true, help: "saved state file to modify" },
      xml: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "filename containing updated XML for the target",
      },
      running: { kind: "bool", help: "set domain to be running on restore" },
      paused: { kind: "bool", help: "set domain to be paused on restore" },
    },
  },
  "save-image-dumpxml": {
    summary: "saved state domain information in XML",
    description: "Dump XML of domain information for a saved state file to stdout.",
    options: {
      file: { kind: "data", required: true, help: "saved state file to read" },
      "security-info": SECURITY_INFO,
      xpath: XPATH,
      wrap: WRAP,
    },
  },
  "save-image-edit": {
    summary: "edit XML for a domain's saved state file",
    description: "Edit the domain XML associated with a saved state file",
    options: {
      file: { kind: "data", required: true, help: "saved state file to edit" },
      running: { kind: "bool", help: "set domain to be running on restore" },
      paused: { kind: "bool", help: "set domain to be paused on restore" },
    },
  },
  schedinfo: {
    summary: "show/set scheduler parameters",
    description: "Show/Set scheduler parameters.",
    options: {
      domain: ANY_DOMAIN,
      weight: { kind: "int", named: true, help: "weight for XEN_CREDIT" },
      cap: { kind: "int", named: true, help: "cap for XEN_CREDIT" },
      current: { kind: "bool", help: "get/set current scheduler info" },
      config: { kind: "bool", help: "get/set value to be used on next boot" },
      live: { kind: "bool", help: "get/set value from running domain" },
      set: { kind: "argv", help: "parameter=value" },
    },
  },
  screenshot: {
    summary: "take a screenshot of a current domain console and store it into a file",
    description: "screenshot of a current domain console",
    options: {
      domain: ACTIVE_DOMAIN,
      file: {
        kind: "string",
        completes: "path-local-existing",
        help: "where to store the screenshot",
      },
      screen: { kind: "int", help: "ID of a screen to take screenshot of" },
    },
  },
  "set-lifecycle-action": {
    summary: "change lifecycle actions",
    description: "Change lifecycle actions for the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      type: {
        kind: "data",
        required: true,
        completes: "domain-lifecycle",
        help: "lifecycle type to modify",
      },
      action: {
        kind: "data",
        required: true,
        completes: "domain-lifecycle-action",
        help: "lifecycle action to set",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  "set-user-sshkeys": {
    summary: "manipulate authorized SSH keys file for given user (via agent)",
    description:
      "Append, reset or remove specified key from the authorized keys file for given user",
    options: {
      domain: ACTIVE_DOMAIN,
      user: { kind: "data", required: true, help: "user to set authorized keys for" },
      file: {
        kind: "string",
        completes: "path-local-existing",
        help: "optional file to read keys from",
      },
      reset: { kind: "bool", help: "clear out authorized keys file before adding new keys" },
      remove: { kind: "bool", help: "remove keys from the authorized keys file" },
    },
  },
  "set-user-password": {
    summary: "set the user password inside the domain",
    description: "changes the password of the specified user inside the domain",
    options: {
      domain: ACTIVE_DOMAIN,
      user: { kind: "data", required: true, help: "the username" },
      password: { kind: "data", required: true, completes: "nothing", help: "the new password" },
      encrypted: { kind: "bool", help: "the password is already encrypted" },
    },
  },
  setmaxmem: {
    summary: "change maximum memory limit",
    description: "Change the maximum memory allocation limit in the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      kilobytes: { kind: "alias", of: "size" },
      size: {
        kind: "int",
        required: true,
        help: "new maximum memory size, as scaled integer (default KiB)",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  setmem: {
    summary: "change memory allocation",
    description: "Change the current memory allocation in the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      kilobytes: { kind: "alias", of: "size" },
      size: {
        kind: "int",
        required: true,
        help: "new memory size, as scaled integer (default KiB)",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  setvcpus: {
    summary: "change number of virtual CPUs",
    description: "Change the number of virtual CPUs in the guest domain.",
    options: {
      domain: ANY_DOMAIN,
      count: { kind: "int", required: true, help: "number of virtual CPUs" },
      maximum: { kind: "bool", help: "set maximum limit on next boot" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      guest: { kind: "bool", help: "modify cpu state in the guest" },
      hotpluggable: { kind: "bool", help: "make added vcpus hot(un)pluggable" },
    },
  },
  shutdown: {
    summary: "gracefully shutdown a domain",
    description: "Run shutdown in the target domain.",
    options: {
      domain: ACTIVE_DOMAIN,
      mode: {
        kind: "string",
        completes: "domain-shutdown-mode",
        help: "shutdown mode: acpi|agent|initctl|signal|paravirt",
      },
    },
  },
  start: {
    summary: "start a (previously defined) inactive domain",
    description:
      "Start a domain, either from the last managedsave\n    state, or via a fresh boot if no managedsave state\n    is present.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "shutoff",
        help: "name of the inactive domain",
      },
      console: { kind: "bool", help: "attach to console after creation" },
      paused: { kind: "bool", help: "leave the guest paused after creation" },
      autodestroy: { kind: "bool", help: "automatically destroy the guest when virsh disconnects" },
      "bypass-cache": { kind: "bool", help: "avoid file system cache when loading" },
      "force-boot": { kind: "bool", help: "force fresh boot by discarding any managed save" },
      "pass-fds": {
        kind: "string",
        completes: "nothing",
        help: "pass file descriptors N,M,... to the guest",
      },
      "reset-nvram": RESET_NVRAM,
    },
  },
  suspend: {
    summary: "suspend a domain",
    description: "Suspend a running domain.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "running",
        help: "domain name, id or uuid",
      },
    },
  },
  ttyconsole: {
    summary: "tty console",
    description: "Output the device for the TTY console.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  undefine: {
    summary: "undefine a domain",
    description: "Undefine an inactive domain, or convert persistent to transient.",
    options: {
      domain: {
        kind: "data",
        required: true,
        completes: "domain-name",
        among: "persistent",
        help: "domain name, id or uuid",
      },
      "managed-save": { kind: "bool", help: "remove domain managed state file" },
      storage: {
        kind: "string",
        completes: "domain-undefine-storage-disks",
        help: "remove associated storage volumes (comma separated list of targets or source paths) (see domblklist)",
      },
      "remove-all-storage": {
        kind: "bool",
        help: "remove all associated storage volumes (use with caution)",
      },
      "delete-snapshots": { kind: "alias", of: "delete-storage-volume-snapshots" },
      "delete-storage-volume-snapshots": {
        kind: "bool",
        help: "delete snapshots associated with volume(s), requires --remove-all-storage (must be supported by storage driver)",
      },
      "wipe-storage": { kind: "bool", help: "wipe data on the removed volumes" },
      "snapshots-metadata": {
        kind: "bool",
        help: "remove all domain snapshot metadata (vm must be inactive)",
      },
      "checkpoints-metadata": {
        kind: "bool",
        help: "remove all domain checkpoint metadata (vm must be inactive)",
      },
      nvram: { kind: "bool", help: "remove nvram file" },
      "keep-nvram": { kind: "bool", help: "keep nvram file" },
      tpm: { kind: "bool", help: "remove TPM state" },
      "keep-tpm": { kind: "bool", help: "keep TPM state" },
    },
  },
  "update-device": {
    summary: "update device from an XML file",
    description: "Update device from an XML <file>.",
    options: {
      domain: ANY_DOMAIN,
      file: { kind: "data", required: true, completes: "path-local-existing", help: "XML file" },
      persistent: PERSISTENT,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      force: { kind: "bool", help: "force device update" },
    },
  },
  "update-memory-device": {
    summary: "update memory device of a domain",
    description: "Update values of a memory device of a domain",
    options: {
      domain: ANY_DOMAIN,
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
      "print-xml": {
        kind: "bool",
        help: "print updated memory device XML instead of executing the change",
      },
      alias: { kind: "string", completes: "domain-device-alias", help: "memory device alias" },
      node: { kind: "int", help: "memory device target node" },
      "requested-size": {
        kind: "int",
        help: "new value of <requested/> size, as scaled integer (default KiB)",
      },
    },
  },
  vcpucount: {
    summary: "domain vcpu counts",
    description: "Returns the number of virtual CPUs used by the domain.",
    options: {
      domain: ANY_DOMAIN,
      maximum: { kind: "bool", help: "get maximum count of vcpus" },
      active: { kind: "bool", help: "get number of currently active vcpus" },
      live: { kind: "bool", help: "get value from running domain" },
      config: { kind: "bool", help: "get value to be used on next boot" },
      current: { kind: "bool", help: "get value according to current domain state" },
      guest: { kind: "bool", help: "retrieve vcpu count from the guest instead of the hypervisor" },
    },
  },
  vcpuinfo: {
    summary: "detailed domain vcpu information",
    description: "Returns basic information about the domain virtual CPUs.",
    options: {
      domain: ANY_DOMAIN,
      pretty: { kind: "bool", help: "return human readable output" },
    },
  },
  vcpupin: {
    summary: "control or query domain vcpu affinity",
    description: "Pin domain VCPUs to host physical CPUs.",
    options: {
      domain: ANY_DOMAIN,
      vcpu: { kind: "int", completes: "domain-vcpu", help: "vcpu number" },
      cpulist: {
        kind: "string",
        emptyOk: true,
        completes: "domain-cpulist",
        help: "host cpu number(s) to set, or omit option to query",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  emulatorpin: {
    summary: "control or query domain emulator affinity",
    description: "Pin domain emulator threads to host physical CPUs.",
    options: {
      domain: ANY_DOMAIN,
      cpulist: {
        kind: "string",
        emptyOk: true,
        completes: "domain-cpulist",
        help: "host cpu number(s) to set, or omit option to query",
      },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  vncdisplay: {
    summary: "vnc display",
    description: "Output the IP address and port number for the VNC display.",
    options: {
      domain: ACTIVE_DOMAIN,
    },
  },
  guestvcpus: {
    summary: "query or modify state of vcpu in the guest (via agent)",
    description: "Use the guest agent to query or set cpu state from guest's point of view",
    options: {
      domain: ACTIVE_DOMAIN,
      cpulist: {
        kind: "string",
        completes: "domain-vcpulist-via-agent",
        help: "list of cpus to enable or disable",
      },
      enable: { kind: "bool", help: "enable cpus specified by cpulist" },
      disable: { kind: "bool", help: "disable cpus specified by cpulist" },
    },
  },
  setvcpu: {
    summary: "attach/detach vcpu or groups of threads",
    description: "Add or remove vcpus",
    options: {
      domain: ANY_DOMAIN,
      vcpulist: {
        kind: "data",
        required: true,
        completes: "domain-vcpulist",
        help: "ids of vcpus to manipulate",
      },
      enable: { kind: "bool", help: "enable cpus specified by cpumap" },
      disable: { kind: "bool", help: "disable cpus specified by cpumap" },
      config: CONFIG,
      live: LIVE,
      current: CURRENT,
    },
  },
  domblkthreshold: {
    summary:
      "set the threshold for block-threshold event for a given block device or it's backing chain element",
    description: "set threshold for block-threshold event for a block device",
    options: {
      domain: ACTIVE_DOMAIN,
      dev: {
        kind: "data",
        required: true,
        completes: "domain-disk-target",
        help: "device to set threshold for",
      },
      threshold: {
        kind: "int",
        required: true,
        help: "threshold as a scaled number (by default bytes)",
      },
    },
  },
  guestinfo: {
    summary: "query information about the guest (via agent)",
    description: "Use the guest agent to query various information from guest's point of view",
    options: {
      domain: ACTIVE_DOMAIN,
      user: { kind: "bool", help: "report active users" },
      os: { kind: "bool", help: "report operating system information" },
      timezone: { kind: "bool", help: "report timezone information" },
      hostname: { kind: "bool", help: "report hostname" },
      filesystem: { kind: "bool", help: "report filesystem information" },
      disk: { kind: "bool", help: "report disk information" },
      interface: { kind: "bool", help: "report interface information" },
    },
  },
  "domdirtyrate-calc": {
    summary: "Calculate a vm's memory dirty rate",
    description:
      "Calculate memory dirty rate of a domain in order to decide whether it's proper to be migrated out or not.\nThe calculated dirty rate information is available by calling 'domstats --dirtyrate'.",
    options: {
      domain: ANY_DOMAIN,
      seconds: {
        kind: "int",
        help: "calculate memory dirty rate within specified seconds, the supported value range from 1 to 60, default to 1.",
      },
      mode: {
        kind: "string",
        completes: "domain-dirty-rate-calc-mode",
        help: "dirty page rate calculation mode, either of these 3 options 'page-sampling, dirty-bitmap, dirty-ring' can be specified.",
      },
    },
  },
  "dom-fd-associate": {
    summary: "associate a FD with a domain",
    description: "associate a FD with a domain",
    options: {
      domain: ANY_DOMAIN,
      name: { kind: "data", required: true, completes: "nothing", help: "name of the FD group" },
      "pass-fds": {
        kind: "data",
        required: true,
        completes: "nothing",
        help: "file descriptors N,M,... to associate",
      },
      "seclabel-writable": { kind: "bool", help: "use seclabels allowing writes" },
      "seclabel-restore": {
        kind: "bool",
        help: "try to restore security label after use if possible",
      },
    },
  },
} as const satisfies CommandTable;
