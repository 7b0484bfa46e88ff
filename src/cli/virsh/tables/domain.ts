/** The commands of `virsh help domain` in its order, from the tables of our groups of them. */
import { BLOCK_JOBS } from "./block-jobs.ts";
import { ATTACH } from "./domain-attach.ts";
import { CPUS } from "./domain-cpus.ts";
import { DEVICES } from "./domain-devices.ts";
import { GUEST } from "./domain-guest.ts";
import { INPUT } from "./domain-input.ts";
import { IOTHREADS } from "./domain-iothreads.ts";
import { JOBS } from "./domain-jobs.ts";
import { LIFECYCLE } from "./domain-lifecycle.ts";
import { MIGRATE } from "./domain-migrate.ts";
import { MONITOR_COMMANDS } from "./domain-monitor.ts";
import { SAVE } from "./domain-save.ts";
import { TEXT } from "./domain-text.ts";
import { TUNING } from "./domain-tuning.ts";

type All = typeof BLOCK_JOBS &
  typeof ATTACH &
  typeof CPUS &
  typeof DEVICES &
  typeof GUEST &
  typeof INPUT &
  typeof IOTHREADS &
  typeof JOBS &
  typeof LIFECYCLE &
  typeof MIGRATE &
  typeof MONITOR_COMMANDS &
  typeof SAVE &
  typeof TEXT &
  typeof TUNING;

export const DOMAIN = {
  "attach-device": ATTACH["attach-device"],
  "attach-disk": ATTACH["attach-disk"],
  "attach-interface": ATTACH["attach-interface"],
  autostart: LIFECYCLE.autostart,
  blkdeviotune: TUNING.blkdeviotune,
  blkiotune: TUNING.blkiotune,
  blockcommit: BLOCK_JOBS.blockcommit,
  blockcopy: BLOCK_JOBS.blockcopy,
  blockjob: BLOCK_JOBS.blockjob,
  blockpull: BLOCK_JOBS.blockpull,
  blockresize: BLOCK_JOBS.blockresize,
  "change-media": DEVICES["change-media"],
  console: LIFECYCLE.console,
  "cpu-stats": CPUS["cpu-stats"],
  create: LIFECYCLE.create,
  define: LIFECYCLE.define,
  desc: TEXT.desc,
  destroy: LIFECYCLE.destroy,
  "detach-device": ATTACH["detach-device"],
  "detach-device-alias": ATTACH["detach-device-alias"],
  "detach-disk": DEVICES["detach-disk"],
  "detach-interface": DEVICES["detach-interface"],
  domdisplay: TEXT.domdisplay,
  domfsfreeze: GUEST.domfsfreeze,
  domfsthaw: GUEST.domfsthaw,
  domfsinfo: GUEST.domfsinfo,
  domfstrim: GUEST.domfstrim,
  domhostname: GUEST.domhostname,
  domid: LIFECYCLE.domid,
  "domif-setlink": DEVICES["domif-setlink"],
  domiftune: TUNING.domiftune,
  domjobabort: JOBS.domjobabort,
  domjobinfo: JOBS.domjobinfo,
  domlaunchsecinfo: GUEST.domlaunchsecinfo,
  domsetlaunchsecstate: GUEST.domsetlaunchsecstate,
  domname: LIFECYCLE.domname,
  domrename: LIFECYCLE.domrename,
  dompmsuspend: INPUT.dompmsuspend,
  dompmwakeup: INPUT.dompmwakeup,
  domuuid: LIFECYCLE.domuuid,
  "domxml-from-native": LIFECYCLE["domxml-from-native"],
  "domxml-to-native": LIFECYCLE["domxml-to-native"],
  dump: SAVE.dump,
  dumpxml: LIFECYCLE.dumpxml,
  edit: LIFECYCLE.edit,
  "get-user-sshkeys": GUEST["get-user-sshkeys"],
  "inject-nmi": INPUT["inject-nmi"],
  iothreadinfo: IOTHREADS.iothreadinfo,
  iothreadpin: IOTHREADS.iothreadpin,
  iothreadadd: IOTHREADS.iothreadadd,
  iothreadset: IOTHREADS.iothreadset,
  iothreaddel: IOTHREADS.iothreaddel,
  "send-key": INPUT["send-key"],
  "send-process-signal": INPUT["send-process-signal"],
  "lxc-enter-namespace": GUEST["lxc-enter-namespace"],
  managedsave: SAVE.managedsave,
  "managedsave-remove": SAVE["managedsave-remove"],
  "managedsave-edit": SAVE["managedsave-edit"],
  "managedsave-dumpxml": SAVE["managedsave-dumpxml"],
  "managedsave-define": SAVE["managedsave-define"],
  memtune: TUNING.memtune,
  perf: TUNING.perf,
  metadata: TEXT.metadata,
  migrate: MIGRATE.migrate,
  "migrate-setmaxdowntime": MIGRATE["migrate-setmaxdowntime"],
  "migrate-getmaxdowntime": MIGRATE["migrate-getmaxdowntime"],
  "migrate-compcache": MIGRATE["migrate-compcache"],
  "migrate-setspeed": MIGRATE["migrate-setspeed"],
  "migrate-getspeed": MIGRATE["migrate-getspeed"],
  "migrate-postcopy": MIGRATE["migrate-postcopy"],
  numatune: TUNING.numatune,
  "qemu-attach": MONITOR_COMMANDS["qemu-attach"],
  "qemu-monitor-command": MONITOR_COMMANDS["qemu-monitor-command"],
  "qemu-monitor-event": MONITOR_COMMANDS["qemu-monitor-event"],
  "qemu-agent-command": MONITOR_COMMANDS["qemu-agent-command"],
  "guest-agent-timeout": GUEST["guest-agent-timeout"],
  reboot: LIFECYCLE.reboot,
  reset: LIFECYCLE.reset,
  restore: SAVE.restore,
  resume: LIFECYCLE.resume,
  save: SAVE.save,
  "save-image-define": SAVE["save-image-define"],
  "save-image-dumpxml": SAVE["save-image-dumpxml"],
  "save-image-edit": SAVE["save-image-edit"],
  schedinfo: TUNING.schedinfo,
  screenshot: INPUT.screenshot,
  "set-lifecycle-action": INPUT["set-lifecycle-action"],
  "set-user-sshkeys": GUEST["set-user-sshkeys"],
  "set-user-password": GUEST["set-user-password"],
  setmaxmem: TUNING.setmaxmem,
  setmem: TUNING.setmem,
  setvcpus: CPUS.setvcpus,
  shutdown: LIFECYCLE.shutdown,
  start: LIFECYCLE.start,
  suspend: LIFECYCLE.suspend,
  ttyconsole: TEXT.ttyconsole,
  undefine: LIFECYCLE.undefine,
  "update-device": ATTACH["update-device"],
  "update-memory-device": DEVICES["update-memory-device"],
  vcpucount: CPUS.vcpucount,
  vcpuinfo: CPUS.vcpuinfo,
  vcpupin: CPUS.vcpupin,
  emulatorpin: CPUS.emulatorpin,
  vncdisplay: TEXT.vncdisplay,
  guestvcpus: CPUS.guestvcpus,
  setvcpu: CPUS.setvcpu,
  domblkthreshold: BLOCK_JOBS.domblkthreshold,
  guestinfo: GUEST.guestinfo,
  "domdirtyrate-calc": GUEST["domdirtyrate-calc"],
  "dom-fd-associate": GUEST["dom-fd-associate"],
} as const satisfies All;
