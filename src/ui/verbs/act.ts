/** Does a verb to one domain: libvirt's call, and what it takes to see its effect. */
import type { Connect } from "../../virt/driver/connect.ts";
import { followStart } from "../../virt/manager/follow-start.ts";
import type { Manager } from "../../virt/manager/manager.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import type { TaskControl } from "../shell/tasks.ts";
import { followJob } from "./follow-job.ts";
import type { CallVerb } from "./verb-words.ts";

type Act = (connect: Connect, domain: ManagedDomain, control: TaskControl) => Promise<unknown>;

const ACTS: Readonly<Record<CallVerb, Act>> = {
  create: (connect, { ref }, control) =>
    followStart(connect, ref.uuid, control, () => connect.domainCreateWithFlags(ref, 0)),
  suspend: (connect, { ref }) => connect.domainSuspend(ref),
  resume: (connect, { ref }) => connect.domainResume(ref),
  shutdown: (connect, { ref }) => connect.domainShutdownFlags(ref, 0),
  reboot: (connect, { ref }) => connect.domainReboot(ref, 0),
  reset: (connect, { ref }) => connect.domainReset(ref, 0),
  destroy: (connect, { ref }) => connect.domainDestroyFlags(ref, 0),
  managedSave: (connect, { ref }, control) =>
    followJob(connect, ref, control, () => connect.domainManagedSave(ref, 0)),
  managedSaveRemove: (connect, { ref }) => connect.domainManagedSaveRemove(ref, 0),
  setAutostart: (connect, { ref, autostart }) => connect.domainSetAutostart(ref, !autostart),
};

/** Verbs whose calls make no event; a start makes none where it fails. */
const SILENT: ReadonlySet<CallVerb> = new Set(["setAutostart", "managedSaveRemove", "create"]);

/** @throws VmError */
export async function act(
  manager: Manager,
  verb: CallVerb,
  domain: ManagedDomain,
  control: TaskControl,
): Promise<void> {
  try {
    await ACTS[verb](manager.connect, domain, control);
  } finally {
    if (SILENT.has(verb)) await manager.refreshDomain(domain.uuid);
  }
}
