/** The commands that define, start and end domains. */
import {
  DomainDefineFlags,
  DomainDestroyFlags,
  DomainRebootFlags,
  DomainShutdownFlags,
  DomainXMLFlags,
} from "../../../virt/driver/domain-flags.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { LIFECYCLE } from "../tables/domain-lifecycle.ts";
import { splitCommas } from "./comma-lists.ts";
import { flagBits, readText } from "./common.ts";
import { domainOf, openConsole } from "./domain-common.ts";
import { createDomain, startDomain } from "./domain-start.ts";
import { undefineDomain } from "./domain-undefine.ts";
import { editXml } from "./edit.ts";
import { findDomain } from "./lookup.ts";
import { printXml } from "./xpath.ts";

export const LIFECYCLE_RUNS: Runs<typeof LIFECYCLE> = {
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
  create: createDomain,
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
    const { id } = await findDomain(session, command.required("domain"), ["uuid", "name"]);
    session.print(`${id > 0 ? id : "-"}\n`);
  },
  domname: async (session, command) => {
    const { name } = await findDomain(session, command.required("domain"), ["id", "uuid"]);
    session.print(`${name}\n`);
  },
  domrename: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await connect.domainRename(domain, command.required("new-name"), 0);
    session.printExtra("Domain successfully renamed\n");
  },
  domuuid: async (session, command) => {
    const { uuid } = await findDomain(session, command.required("domain"), ["id", "name"]);
    session.print(`${uuid}\n`);
  },
  dumpxml: async (session, command) => {
    const domain = await domainOf(session, command);
    const flags = flagBits(command, {
      inactive: DomainXMLFlags.inactive,
      "security-info": DomainXMLFlags.secure,
      "update-cpu": DomainXMLFlags.updateCpu,
      migratable: DomainXMLFlags.migratable,
    });
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.domainGetXMLDesc(domain, flags);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  edit: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const flags = DomainXMLFlags.inactive | DomainXMLFlags.secure;
    let defineFlags: number = command.has("skip-validate") ? 0 : DomainDefineFlags.validate;
    await editXml(session, `Domain '${domain.name}'`, {
      read: () => connect.domainGetXMLDesc(domain, flags),
      define: async (edited) => void (await connect.domainDefineXMLFlags(edited, defineFlags)),
      relax: () => {
        defineFlags = 0;
      },
    });
  },
  reboot: async (session, command) => {
    const flags = modeFlags(
      command.text("mode"),
      {
        acpi: DomainRebootFlags.acpiPowerBtn,
        agent: DomainRebootFlags.guestAgent,
        initctl: DomainRebootFlags.initctl,
        signal: DomainRebootFlags.signal,
        paravirt: DomainRebootFlags.paravirt,
      },
      " or 'paravirt'",
    );
    const domain = await domainOf(session, command);
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
    const flags = modeFlags(
      command.text("mode"),
      {
        acpi: DomainShutdownFlags.acpiPowerBtn,
        agent: DomainShutdownFlags.guestAgent,
        initctl: DomainShutdownFlags.initctl,
        signal: DomainShutdownFlags.signal,
        paravirt: DomainShutdownFlags.paravirt,
      },
      ", or 'paravirt'",
    );
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to shutdown domain '${command.required("domain")}'`, () =>
      connect.domainShutdownFlags(domain, flags),
    );
    session.printExtra(`Domain '${command.required("domain")}' is being shutdown\n`);
  },
  start: startDomain,
  suspend: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to suspend domain '${command.required("domain")}'`, () =>
      connect.domainSuspend(domain),
    );
    session.printExtra(`Domain '${command.required("domain")}' suspended\n`);
  },
  undefine: undefineDomain,
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

/**
 * `acpi|agent|…`, several separated by commas.
 *
 * @param last how the last of them is told
 * @throws CommandError
 */
function modeFlags(
  text: string | undefined,
  modes: Readonly<Record<string, number>>,
  last: string,
): number {
  let flags = 0;
  for (const mode of text === undefined ? [] : splitCommas(text)) {
    const bit = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
    if (bit === undefined) {
      throw new CommandError(
        `Unknown mode ${mode} value, expecting 'acpi', 'agent', 'initctl', 'signal'${last}`,
      );
    }
    flags |= bit;
  }
  return flags;
}
