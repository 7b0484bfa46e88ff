/** The commands that define, start and end domains. */
import { VmError } from "../../../protocol/vm-error.ts";
import { devicesOf, diskSource } from "../../../virt/conf/domain/view.ts";
import {
  DomainCreateFlags as Create,
  DomainDefineFlags,
  DomainDestroyFlags,
  DomainRebootFlags,
  DomainShutdownFlags,
  DomainUndefineFlags as Undefine,
  DomainXMLFlags,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { find } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { AlreadyReported, CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { DOMAIN } from "../tables/domain.ts";
import { editXml, flagBits, printXml, readText } from "./common.ts";
import { domainOf, openConsole } from "./domain-common.ts";

type Spec<Name extends keyof typeof DOMAIN> = (typeof DOMAIN)[Name];

export const LIFECYCLE_RUNS: Pick<
  Runs<typeof DOMAIN>,
  | "autostart"
  | "console"
  | "create"
  | "define"
  | "destroy"
  | "domid"
  | "domname"
  | "domrename"
  | "domuuid"
  | "dumpxml"
  | "edit"
  | "reboot"
  | "reset"
  | "resume"
  | "shutdown"
  | "start"
  | "suspend"
  | "undefine"
  | "domxml-from-native"
  | "domxml-to-native"
> = {
  autostart: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const mark = command.has("disable") ? "unmark" : "mark";
    await session.attempt(
      `Failed to ${mark} domain '${command.required("domain")}' as autostarted`,
      () => connect.domainSetAutostart(domain, !command.has("disable")),
    );
    session.printExtra(`Domain '${command.required("domain")}' ${mark}ed as autostarted\n`);
  },
  console: async (session, command) => {
    const domain = await domainOf(session, command);
    await openConsole(session, domain, command.text("devname") ?? null, {
      force: command.has("force"),
      safe: command.has("safe"),
    });
  },
  create: async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const flags = flagBits(command, {
      paused: Create.startPaused,
      autodestroy: Create.startAutodestroy,
      validate: Create.startValidate,
      "reset-nvram": Create.startResetNvram,
    });
    const connect = await session.connect();
    const domain = await session.attempt(`Failed to create domain from ${file}`, () =>
      connect.domainCreateXML(xml, flags),
    );
    session.printExtra(`Domain '${domain.name}' created from ${file}\n`);
    if (command.has("console"))
      await openConsole(session, domain, null, { force: false, safe: false });
  },
  define: async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const flags = command.has("validate") ? DomainDefineFlags.validate : 0;
    const connect = await session.connect();
    const domain = await session.attempt(`Failed to define domain from ${file}`, () =>
      connect.domainDefineXMLFlags(xml, flags),
    );
    session.printExtra(`Domain '${domain.name}' defined from ${file}\n`);
  },
  destroy: async (session, command) => {
    const domain = await domainOf(session, command);
    const flags = flagBits(command, {
      graceful: DomainDestroyFlags.graceful,
      "remove-logs": DomainDestroyFlags.removeLogs,
    });
    const connect = await session.connect();
    await session.attempt(`Failed to destroy domain '${command.required("domain")}'`, () =>
      connect.domainDestroyFlags(domain, flags),
    );
    session.printExtra(`Domain '${command.required("domain")}' destroyed\n`);
  },
  domid: async (session, command) => {
    const { id } = await domainOf(session, command);
    session.print(`${id > 0 ? id : "-"}\n`);
  },
  domname: async (session, command) => {
    session.print(`${(await domainOf(session, command)).name}\n`);
  },
  domrename: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await connect.domainRename(domain, command.required("new-name"), 0);
    session.printExtra("Domain successfully renamed\n");
  },
  domuuid: async (session, command) => {
    session.print(`${(await domainOf(session, command)).uuid}\n`);
  },
  dumpxml: async (session, command) => {
    const domain = await domainOf(session, command);
    const flags = flagBits(command, {
      inactive: DomainXMLFlags.inactive,
      "security-info": DomainXMLFlags.secure,
      "update-cpu": DomainXMLFlags.updateCpu,
      migratable: DomainXMLFlags.migratable,
    });
    const connect = await session.connect();
    const xml = await connect.domainGetXMLDesc(domain, flags);
    printXml(session, xml, command.text("xpath"), command.has("wrap"));
  },
  edit: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const flags = DomainXMLFlags.inactive | DomainXMLFlags.secure;
    await editXml(
      session,
      `Domain '${domain.name}'`,
      await connect.domainGetXMLDesc(domain, flags),
      async (edited) =>
        void (await connect.domainDefineXMLFlags(
          edited,
          command.has("skip-validate") ? 0 : DomainDefineFlags.validate,
        )),
    );
  },
  reboot: async (session, command) => {
    const domain = await domainOf(session, command);
    const flags = modeFlags(command.text("mode"), {
      acpi: DomainRebootFlags.acpiPowerBtn,
      agent: DomainRebootFlags.guestAgent,
      initctl: DomainRebootFlags.initctl,
      signal: DomainRebootFlags.signal,
      paravirt: DomainRebootFlags.paravirt,
    });
    const connect = await session.connect();
    await session.attempt(`Failed to reboot domain '${command.required("domain")}'`, () =>
      connect.domainReboot(domain, flags),
    );
    session.printExtra(`Domain '${command.required("domain")}' is being rebooted\n`);
  },
  reset: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to reset domain '${command.required("domain")}'`, () =>
      connect.domainReset(domain, 0),
    );
    session.printExtra(`Domain '${command.required("domain")}' was reset\n`);
  },
  resume: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to resume domain '${command.required("domain")}'`, () =>
      connect.domainResume(domain),
    );
    session.printExtra(`Domain '${command.required("domain")}' resumed\n`);
  },
  shutdown: async (session, command) => {
    const domain = await domainOf(session, command);
    const flags = modeFlags(command.text("mode"), {
      acpi: DomainShutdownFlags.acpiPowerBtn,
      agent: DomainShutdownFlags.guestAgent,
      initctl: DomainShutdownFlags.initctl,
      signal: DomainShutdownFlags.signal,
      paravirt: DomainShutdownFlags.paravirt,
    });
    const connect = await session.connect();
    await session.attempt(`Failed to shutdown domain '${command.required("domain")}'`, () =>
      connect.domainShutdownFlags(domain, flags),
    );
    session.printExtra(`Domain '${command.required("domain")}' is being shutdown\n`);
  },
  start: async (session, command) => startDomain(session, command),
  suspend: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to suspend domain '${command.required("domain")}'`, () =>
      connect.domainSuspend(domain),
    );
    session.printExtra(`Domain '${command.required("domain")}' suspended\n`);
  },
  undefine: async (session, command) => undefineDomain(session, command),
  "domxml-from-native": async (session, command) => {
    const format = command.required("format");
    const text = await readText(session, command.required("config"));
    const connect = await session.connect();
    session.print(await connect.connectDomainXMLFromNative(format, text, 0));
  },
  "domxml-to-native": async (session, command) => {
    const format = command.required("format");
    const file = command.text("xml");
    const name = command.text("domain");
    command.exclusive("domain", "xml");
    const connect = await session.connect();
    if (file === undefined && name === undefined) {
      throw new CommandError("need either domain or domain XML");
    }
    const xml =
      file === undefined
        ? await connect.domainGetXMLDesc(await domainOf(session, { required: () => name ?? "" }), 0)
        : await readText(session, file);
    session.print(await connect.connectDomainXMLToNative(format, xml, 0));
  },
};

/** `acpi|agent|…`, several separated by commas. @throws CommandError */
function modeFlags(text: string | undefined, modes: Readonly<Record<string, number>>): number {
  let flags = 0;
  for (const mode of text?.split(",") ?? []) {
    const bit = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
    if (bit === undefined) {
      throw new CommandError(
        `Unknown mode ${mode} value, expecting 'acpi', 'agent', 'initctl', 'signal', or 'paravirt'`,
      );
    }
    flags |= bit;
  }
  return flags;
}

async function startDomain(session: Session, command: Command<Spec<"start">>): Promise<void> {
  const domain = await domainOf(session, command);
  if (domain.id > 0) return session.fail("Domain is already active");
  const flags = flagBits(command, {
    paused: Create.startPaused,
    autodestroy: Create.startAutodestroy,
    "bypass-cache": Create.startBypassCache,
    "force-boot": Create.startForceBoot,
    "reset-nvram": Create.startResetNvram,
  });
  const connect = await session.connect();
  const started = await session.attempt(`Failed to start domain '${domain.name}'`, () =>
    connect.domainCreateWithFlags(domain, flags),
  );
  session.printExtra(`Domain '${started.name}' started\n`);
  if (command.has("console"))
    await openConsole(session, started, null, { force: false, safe: false });
}

async function undefineDomain(session: Session, command: Command<Spec<"undefine">>): Promise<void> {
  command.needs("wipe-storage", "remove-all-storage");
  command.exclusive("nvram", "keep-nvram");
  command.exclusive("tpm", "keep-tpm");
  const domain = await domainOf(session, command);
  const flags = flagBits(command, {
    "managed-save": Undefine.managedSave,
    "snapshots-metadata": Undefine.snapshotsMetadata,
    "checkpoints-metadata": Undefine.checkpointsMetadata,
    nvram: Undefine.nvram,
    "keep-nvram": Undefine.keepNvram,
    tpm: Undefine.tpm,
    "keep-tpm": Undefine.keepTpm,
  });
  const storage = command.text("storage");
  const all = command.has("remove-all-storage");
  if (storage !== undefined && all) {
    throw new CommandError("Options --storage and --remove-all-storage are mutually exclusive");
  }
  if ((all || storage !== undefined) && domain.id > 0) {
    return session.fail("Storage volume deletion is supported only on stopped domains");
  }
  const paths = all || storage !== undefined ? await storageOf(session, domain, storage) : [];
  const connect = await session.connect();
  await session.attempt(`Failed to undefine domain '${command.required("domain")}'`, () =>
    connect.domainUndefineFlags(domain, flags),
  );
  session.print(`Domain '${command.required("domain")}' has been undefined\n`);
  await removeStorage(session, paths, command.has("wipe-storage"));
}

/** Target and path of the disks to be removed: all, or those of a list of targets and paths. */
async function storageOf(
  session: Session,
  domain: DomainRef,
  list: string | undefined,
): Promise<(readonly [string, string])[]> {
  const connect = await session.connect();
  const definition = parseXml(await connect.domainGetXMLDesc(domain, 0), "domain_definition");
  const wanted = list?.split(",");
  const found = devicesOf(definition, "disk").flatMap((disk): (readonly [string, string])[] => {
    const target = find(disk, "target")?.attributes.get("dev") ?? "";
    const path = diskSource(disk);
    if (path === undefined) return [];
    return wanted === undefined || wanted.includes(target) || wanted.includes(path)
      ? [[target, path]]
      : [];
  });
  const missing = wanted?.find(
    (each) => !found.some(([target, path]) => target === each || path === each),
  );
  if (missing !== undefined) {
    session.error(`Volume '${missing}' was not found in domain's definition.`);
    session.host.err("\n");
    throw new AlreadyReported("no such volume");
  }
  return found;
}

/** Removes volumes; those that are in no pool are left to the user. */
async function removeStorage(
  session: Session,
  paths: readonly (readonly [string, string])[],
  wipe: boolean,
): Promise<void> {
  const connect = await session.connect();
  for (const [target, path] of paths) {
    const vol = await connect.storageVolLookupByPath(path).catch(unlessOther);
    if (!vol) {
      session.error(
        `Storage volume '${target}'(${path}) is not managed by libvirt. Remove it manually.`,
      );
      session.host.err("\n");
      continue;
    }
    if (wipe) {
      session.print(`Wiping volume '${target}'(${path}) ... `);
      await session.attempt(`Failed to wipe volume '${target}'(${path})`, () =>
        connect.storageVolWipePattern(vol, 0, 0),
      );
      session.print("Done.\n");
    }
    await session.attempt(`Failed to remove storage volume '${target}'(${path})`, () =>
      connect.storageVolDelete(vol, 0),
    );
    session.print(`Volume '${target}'(${path}) removed.\n`);
  }
}

function unlessOther(error: unknown): undefined {
  if (!(error instanceof VmError)) throw error;
  return undefined;
}
