/**
 * The order in which libvirt writes the attributes and children of a domain's elements, by path.
 * What a list does not name comes after what it names.
 */
import type { OrderTable } from "../arrange.ts";

export const DOMAIN_ORDER: OrderTable = {
  domain: {
    attributes: "type id",
    children:
      "name uuid genid title description metadata maxMemory memory currentMemory blkiotune memtune memoryBacking vcpu vcpus iothreads iothreadids defaultiothread cputune numatune resource sysinfo bootloader bootloader_args os idmap features cpu clock on_poweroff on_reboot on_crash on_lockfailure pm perf devices seclabel keywrap launchSecurity qemu:commandline qemu:capabilities qemu:override qemu:deprecation",
  },
  "domain/blkiotune": { children: "weight device" },
  "domain/blkiotune/device": {
    children: "path weight read_iops_sec write_iops_sec read_bytes_sec write_bytes_sec",
  },
  "domain/clock": { attributes: "offset adjustment basis timezone start", children: "timer" },
  "domain/clock/timer": {
    attributes: "name present tickpolicy track frequency mode",
    children: "catchup",
  },
  "domain/clock/timer/catchup": { attributes: "slew threshold limit" },
  "domain/cpu": {
    attributes: "mode match check migratable",
    children: "arch model vendor topology cache maxphysaddr feature numa",
  },
  "domain/cpu/cache": { attributes: "level mode" },
  "domain/cpu/feature": { attributes: "policy name" },
  "domain/cpu/maxphysaddr": { attributes: "mode bits" },
  "domain/cpu/model": { attributes: "fallback vendor_id" },
  "domain/cpu/numa": { children: "cell interconnects" },
  "domain/cpu/numa/cell": {
    attributes: "id cpus memory unit memAccess discard",
    children: "distances cache",
  },
  "domain/cpu/numa/cell/cache": { attributes: "level associativity policy", children: "size line" },
  "domain/cpu/numa/cell/cache/line": { attributes: "value unit" },
  "domain/cpu/numa/cell/cache/size": { attributes: "value unit" },
  "domain/cpu/numa/cell/distances/sibling": { attributes: "id value" },
  "domain/cpu/numa/interconnects": { children: "latency bandwidth" },
  "domain/cpu/numa/interconnects/bandwidth": {
    attributes: "initiator target cache type value unit",
  },
  "domain/cpu/numa/interconnects/latency": { attributes: "initiator target cache type value" },
  "domain/cpu/topology": { attributes: "sockets dies cores threads" },
  "domain/cputune": {
    children:
      "shares period quota global_period global_quota emulator_period emulator_quota iothread_period iothread_quota vcpupin emulatorpin iothreadpin emulatorsched vcpusched iothreadsched cachetune memorytune",
  },
  "domain/cputune/cachetune": { attributes: "vcpus id", children: "cache monitor" },
  "domain/cputune/cachetune/cache": { attributes: "id level type size unit" },
  "domain/cputune/cachetune/monitor": { attributes: "level vcpus" },
  "domain/cputune/emulatorsched": { attributes: "scheduler priority" },
  "domain/cputune/iothreadpin": { attributes: "iothread cpuset" },
  "domain/cputune/iothreadsched": { attributes: "iothreads scheduler priority" },
  "domain/cputune/memorytune": { attributes: "vcpus", children: "node monitor" },
  "domain/cputune/memorytune/node": { attributes: "id bandwidth" },
  "domain/cputune/vcpupin": { attributes: "vcpu cpuset" },
  "domain/cputune/vcpusched": { attributes: "vcpus scheduler priority" },
  "domain/defaultiothread": { attributes: "thread_pool_min thread_pool_max" },
  "domain/devices": {
    children:
      "emulator disk controller lease filesystem interface smartcard serial parallel console channel input tpm graphics sound audio video hostdev redirdev redirfilter hub watchdog memballoon rng nvram panic shmem memory iommu vsock crypto",
  },
  "domain/devices/audio": {
    attributes: "id type timerPeriod path serverName driver tryMMap exclusive dspPolicy",
    children: "input output",
  },
  "domain/devices/audio/input": {
    attributes:
      "mixingEngine fixedSettings voices bufferLength dev bufferCount tryPoll name serverName clientName connectPorts streamName latency",
    children: "settings",
  },
  "domain/devices/audio/input/settings": { attributes: "frequency channels format" },
  "domain/devices/audio/output": {
    attributes:
      "mixingEngine fixedSettings voices bufferLength dev bufferCount tryPoll name serverName clientName connectPorts streamName latency",
    children: "settings",
  },
  "domain/devices/audio/output/settings": { attributes: "frequency channels format" },
  "domain/devices/channel": {
    attributes: "type tty",
    children: "source log protocol target boot rom acpi alias address",
  },
  "domain/devices/channel/source": {
    attributes: "channel mode host service path slave tls tlsFromConfig append",
    children: "clipboard mouse reconnect seclabel",
  },
  "domain/devices/channel/source/reconnect": { attributes: "enabled timeout" },
  "domain/devices/channel/target": { attributes: "type name state address port" },
  "domain/devices/console": {
    attributes: "type tty",
    children: "source log protocol target boot rom acpi alias address",
  },
  "domain/devices/console/source": {
    attributes: "channel mode host service path slave tls tlsFromConfig append",
    children: "clipboard mouse reconnect seclabel",
  },
  "domain/devices/console/source/reconnect": { attributes: "enabled timeout" },
  "domain/devices/console/source/seclabel": { attributes: "model relabel" },
  "domain/devices/console/target": { attributes: "type name state address port" },
  "domain/devices/controller": {
    attributes: "type index model ports vectors",
    children: "model target driver pcihole64 master boot rom acpi alias address",
  },
  "domain/devices/controller/driver": {
    attributes: "queues iothread cmd_per_lun max_sectors ioeventfd iommu ats packed page_per_vq",
  },
  "domain/devices/controller/target": {
    attributes: "chassis port hotplug index chassisNr busNr",
    children: "node",
  },
  "domain/devices/disk": {
    attributes: "type device model rawio sgio snapshot",
    children:
      "driver auth source backingStore backenddomain geometry blockio mirror target iotune readonly shareable transient serial wwn vendor product encryption boot rom acpi alias address",
  },
  "domain/devices/disk/address/zpci": { attributes: "uid fid" },
  "domain/devices/disk/auth/secret": { attributes: "type usage" },
  "domain/devices/disk/backingStore": {
    attributes: "type index",
    children: "format source backingStore",
  },
  "domain/devices/disk/boot": { attributes: "order loadparm" },
  "domain/devices/disk/driver": {
    attributes:
      "name type cache error_policy rerror_policy io ioeventfd event_idx copy_on_read discard iothread queues queue_size detect_zeroes iommu ats packed page_per_vq",
    children: "metadata_cache",
  },
  "domain/devices/disk/encryption": {
    attributes: "format engine",
    children: "secret cipher ivgen",
  },
  "domain/devices/disk/encryption/secret": { attributes: "type usage uuid" },
  "domain/devices/disk/iotune": {
    children:
      "total_bytes_sec read_bytes_sec write_bytes_sec total_iops_sec read_iops_sec write_iops_sec total_bytes_sec_max read_bytes_sec_max write_bytes_sec_max total_iops_sec_max read_iops_sec_max write_iops_sec_max size_iops_sec group_name total_bytes_sec_max_length read_bytes_sec_max_length write_bytes_sec_max_length total_iops_sec_max_length read_iops_sec_max_length write_iops_sec_max_length",
  },
  "domain/devices/disk/source": {
    attributes:
      "protocol name file dev dir query tls tlsHostname pool volume mode type managed namespace path fdgroup index startupPolicy",
    children:
      "host snapshot config initiator auth reservations identity address seclabel slices encryption ssl cookies readahead timeout reconnect knownHosts privateData",
  },
  "domain/devices/disk/source/address": { attributes: "domain bus slot function" },
  "domain/devices/disk/source/auth/secret": { attributes: "type usage uuid" },
  "domain/devices/disk/source/encryption": {
    attributes: "format engine",
    children: "secret cipher ivgen",
  },
  "domain/devices/disk/source/encryption/secret": { attributes: "type uuid usage" },
  "domain/devices/disk/source/host": { attributes: "name port transport socket" },
  "domain/devices/disk/source/identity": { attributes: "user group" },
  "domain/devices/disk/source/reconnect": { attributes: "enabled timeout" },
  "domain/devices/disk/source/reservations/source": { attributes: "type path mode" },
  "domain/devices/disk/source/seclabel": {
    attributes: "model labelskip relabel",
    children: "label",
  },
  "domain/devices/disk/source/slices/slice": { attributes: "type offset size" },
  "domain/devices/disk/target": { attributes: "dev bus tray removable rotation_rate" },
  "domain/devices/filesystem": {
    attributes: "type accessmode model fmode dmode multidevs",
    children:
      "driver binary source target readonly space_hard_limit space_soft_limit boot rom acpi alias address",
  },
  "domain/devices/filesystem/binary": {
    attributes: "path xattr",
    children: "cache sandbox lock thread_pool",
  },
  "domain/devices/filesystem/binary/lock": { attributes: "posix flock" },
  "domain/devices/filesystem/driver": {
    attributes: "type format queue wrpolicy iommu ats packed page_per_vq",
  },
  "domain/devices/filesystem/source": {
    attributes: "dir file name dev pool volume usage units socket",
  },
  "domain/devices/graphics": {
    attributes:
      "type port tlsPort autoport passwd passwdValidTo connected p2p socket address display xauth fullscreen websocket listen defaultMode keymap sharePolicy powerControl",
    children:
      "listen channel gl audio image jpeg zlib playback streaming mouse clipboard filetransfer",
  },
  "domain/devices/graphics/channel": { attributes: "name mode" },
  "domain/devices/graphics/gl": { attributes: "enable rendernode" },
  "domain/devices/graphics/listen": { attributes: "type address socket network" },
  "domain/devices/hostdev": {
    attributes: "mode type managed model display ramfb",
    children: "driver source rom readonly shareable teaming boot acpi alias address",
  },
  "domain/devices/hostdev/address/zpci": { attributes: "uid fid" },
  "domain/devices/hostdev/rom": { attributes: "bar file" },
  "domain/devices/hostdev/source": {
    attributes: "protocol wwpn name guestReset",
    children: "adapter address host auth initiator",
  },
  "domain/devices/hostdev/source/address": {
    attributes: "domain bus slot function target unit uuid device",
  },
  "domain/devices/hostdev/source/auth/secret": { attributes: "type usage" },
  "domain/devices/hostdev/source/host": { attributes: "name port" },
  "domain/devices/hostdev/teaming": { attributes: "type persistent" },
  "domain/devices/input": {
    attributes: "type bus model",
    children: "driver source boot rom acpi alias address",
  },
  "domain/devices/input/driver": { attributes: "iommu ats packed page_per_vq" },
  "domain/devices/input/source": { attributes: "evdev dev grab grabToggle repeat" },
  "domain/devices/interface": {
    attributes: "type managed trustGuestRxFilters",
    children:
      "mac source vlan virtualport bandwidth port ip route portForward script downscript backenddomain target guest model driver backend filterref tune teaming link mtu coalesce boot rom acpi alias address",
  },
  "domain/devices/interface/backend": { attributes: "tap vhost type logFile" },
  "domain/devices/interface/bandwidth": { children: "inbound outbound" },
  "domain/devices/interface/bandwidth/inbound": { attributes: "floor average peak burst" },
  "domain/devices/interface/bandwidth/outbound": { attributes: "average peak burst" },
  "domain/devices/interface/boot": { attributes: "order loadparm" },
  "domain/devices/interface/driver": {
    attributes:
      "name txmode ioeventfd event_idx queues rx_queue_size tx_queue_size rss rss_hash_report iommu ats packed page_per_vq",
    children: "host guest",
  },
  "domain/devices/interface/driver/guest": { attributes: "csum tso4 tso6 ecn ufo" },
  "domain/devices/interface/driver/host": { attributes: "csum gso tso4 tso6 ecn ufo mrg_rxbuf" },
  "domain/devices/interface/ip": { attributes: "address family prefix" },
  "domain/devices/interface/mac": { attributes: "address type check" },
  "domain/devices/interface/portForward": { attributes: "proto address dev", children: "range" },
  "domain/devices/interface/portForward/range": { attributes: "start end to exclude" },
  "domain/devices/interface/rom": { attributes: "bar file enabled" },
  "domain/devices/interface/source": {
    attributes: "network portgroup bridge portid dev mode type path address port switchid",
    children: "local address ip route reconnect",
  },
  "domain/devices/interface/source/address": { attributes: "type domain bus slot function" },
  "domain/devices/interface/source/ip": { attributes: "address family prefix peer" },
  "domain/devices/interface/source/local": { attributes: "address port" },
  "domain/devices/interface/source/route": { attributes: "family address prefix gateway" },
  "domain/devices/interface/target": { attributes: "dev managed" },
  "domain/devices/interface/teaming": { attributes: "type persistent" },
  "domain/devices/interface/virtualport/parameters": {
    attributes: "managerid typeid typeidversion instanceid interfaceid profileid",
  },
  "domain/devices/iommu": { attributes: "model", children: "driver address" },
  "domain/devices/iommu/driver": { attributes: "intremap caching_mode aw_bits eim iotlb" },
  "domain/devices/lease": { children: "lockspace key target" },
  "domain/devices/lease/target": { attributes: "path offset" },
  "domain/devices/memballoon": {
    attributes: "model autodeflate freePageReporting",
    children: "stats driver boot rom acpi alias address",
  },
  "domain/devices/memballoon/driver": { attributes: "iommu ats packed page_per_vq" },
  "domain/devices/memory": {
    attributes: "model access discard",
    children: "uuid source target address",
  },
  "domain/devices/memory/source": { children: "path alignsize pmem nodemask pagesize" },
  "domain/devices/memory/target": { children: "size node readonly label block requested" },
  "domain/devices/parallel": {
    attributes: "type tty",
    children: "source log protocol target boot rom acpi alias address",
  },
  "domain/devices/parallel/source": {
    attributes: "channel mode host service path slave tls tlsFromConfig append",
    children: "clipboard mouse reconnect seclabel",
  },
  "domain/devices/parallel/source/reconnect": { attributes: "enabled timeout" },
  "domain/devices/parallel/target": { attributes: "type name state address port" },
  "domain/devices/redirdev": {
    attributes: "bus type",
    children: "source log protocol boot rom acpi alias address",
  },
  "domain/devices/redirdev/source": { attributes: "mode host service path" },
  "domain/devices/redirfilter/usbdev": { attributes: "class vendor product version allow" },
  "domain/devices/rng": {
    attributes: "model",
    children: "rate backend driver boot rom acpi alias address",
  },
  "domain/devices/rng/backend": { attributes: "model type", children: "source protocol" },
  "domain/devices/rng/backend/source": { attributes: "mode path host service" },
  "domain/devices/rng/driver": { attributes: "iommu ats packed page_per_vq" },
  "domain/devices/rng/rate": { attributes: "bytes period" },
  "domain/devices/serial": {
    attributes: "type tty",
    children: "source log protocol target boot rom acpi alias address",
  },
  "domain/devices/serial/log": { attributes: "file append" },
  "domain/devices/serial/source": {
    attributes: "channel mode host service path slave tls tlsFromConfig append",
    children: "clipboard mouse reconnect seclabel",
  },
  "domain/devices/serial/source/reconnect": { attributes: "enabled timeout" },
  "domain/devices/serial/source/seclabel": { attributes: "model relabel" },
  "domain/devices/serial/target": { attributes: "type name state address port", children: "model" },
  "domain/devices/shmem": {
    attributes: "name role",
    children: "model size server msi boot rom acpi alias address",
  },
  "domain/devices/shmem/msi": { attributes: "vectors ioeventfd" },
  "domain/devices/smartcard": {
    attributes: "mode type",
    children: "certificate database source log protocol boot rom acpi alias address",
  },
  "domain/devices/smartcard/source": { attributes: "mode host service path" },
  "domain/devices/sound": { attributes: "model", children: "audio codec alias address" },
  "domain/devices/tpm": { attributes: "model", children: "backend address" },
  "domain/devices/tpm/backend": {
    attributes: "type version persistent_state",
    children: "encryption active_pcr_banks device source",
  },
  "domain/devices/tpm/backend/active_pcr_banks": { children: "sha256 sha512" },
  "domain/devices/tpm/backend/source": { attributes: "type mode path" },
  "domain/devices/video": { children: "driver model boot rom acpi alias address" },
  "domain/devices/video/driver": { attributes: "iommu ats packed page_per_vq name" },
  "domain/devices/video/model": {
    attributes: "type ram vram vgamem vram64 heads primary",
    children: "acceleration resolution",
  },
  "domain/devices/video/model/acceleration": { attributes: "accel3d accel2d rendernode" },
  "domain/devices/video/model/resolution": { attributes: "x y" },
  "domain/devices/vsock": {
    attributes: "model",
    children: "cid driver boot rom acpi alias address",
  },
  "domain/devices/vsock/cid": { attributes: "auto address" },
  "domain/devices/watchdog": {
    attributes: "model action",
    children: "boot rom acpi alias address",
  },
  "domain/features": {
    children:
      "acpi apic pae viridian privnet hyperv kvm xen pmu hap pvspinlock smm gic ioapic hpt htm nested-hv vmport vmcoreinfo msrs ccf-assist cfpc sbbc ibs tcg async-teardown capabilities",
  },
  "domain/features/hyperv": {
    attributes: "mode",
    children:
      "relaxed vapic spinlocks vpindex runtime synic stimer reset vendor_id frequencies reenlightenment tlbflush ipi evmcs avic",
  },
  "domain/features/hyperv/spinlocks": { attributes: "state retries" },
  "domain/features/hyperv/vendor_id": { attributes: "state value" },
  "domain/features/kvm": { children: "hidden hint-dedicated poll-control pv-ipi dirty-ring" },
  "domain/features/kvm/dirty-ring": { attributes: "state size" },
  "domain/idmap": { children: "uid gid" },
  "domain/idmap/gid": { attributes: "start target count" },
  "domain/idmap/uid": { attributes: "start target count" },
  "domain/iothreadids/iothread": { attributes: "id thread_pool_min thread_pool_max" },
  "domain/launchSecurity": {
    attributes: "type kernelHashes",
    children: "cbitpos reducedPhysBits policy dhCert session",
  },
  "domain/maxMemory": { attributes: "slots unit" },
  "domain/memory": { attributes: "dumpCore unit" },
  "domain/memoryBacking": {
    children: "hugepages nosharepages locked source access allocation discard",
  },
  "domain/memoryBacking/allocation": { attributes: "mode threads" },
  "domain/memoryBacking/hugepages/page": { attributes: "size unit nodeset" },
  "domain/memtune": { children: "hard_limit soft_limit min_guarantee swap_hard_limit" },
  "domain/numatune": { children: "memory memnode" },
  "domain/numatune/memnode": { attributes: "cellid mode nodeset" },
  "domain/numatune/memory": { attributes: "mode placement nodeset" },
  "domain/os": {
    attributes: "firmware",
    children:
      "type firmware loader nvram init initarg initenv initdir inituser initgroup kernel initrd cmdline dtb acpi boot bootmenu bios smbios",
  },
  "domain/os/bootmenu": { attributes: "enable timeout" },
  "domain/os/firmware/feature": { attributes: "enabled name" },
  "domain/os/loader": { attributes: "readonly secure type stateless format" },
  "domain/os/nvram": { attributes: "template type format" },
  "domain/os/nvram/source": { attributes: "protocol name file", children: "host auth" },
  "domain/os/nvram/source/auth/secret": { attributes: "type usage" },
  "domain/os/nvram/source/host": { attributes: "name port" },
  "domain/os/type": { attributes: "arch machine" },
  "domain/perf/event": { attributes: "name enabled" },
  "domain/pm": { children: "suspend-to-mem suspend-to-disk" },
  "domain/seclabel": { attributes: "type model relabel", children: "label baselabel imagelabel" },
  "domain/sysinfo": {
    attributes: "type",
    children: "bios system baseBoard chassis oemStrings entry",
  },
  "domain/sysinfo/entry": { attributes: "name file" },
  "domain/vcpu": { attributes: "placement cpuset current" },
  "domain/vcpus/vcpu": { attributes: "id enabled hotpluggable order" },
};
