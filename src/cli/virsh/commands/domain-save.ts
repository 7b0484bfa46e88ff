/** The commands that put a domain's state into files. */
import {
  DomainCoreDumpFlags as Dump,
  DomainSaveRestoreFlags as Save,
  DomainXMLFlags,
} from "../../../virt/driver/domain-flags.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { SAVE } from "../tables/domain-save.ts";
import { flagBits, readText } from "./common.ts";
import { domainOf } from "./domain-common.ts";
import { editUntilTaken } from "./edit.ts";
import { watchJob } from "./job-progress.ts";
import { printXml } from "./xpath.ts";

/** `virDomainCoreDumpFormat`. */
export const DUMP_FORMATS = ["elf", "kdump-zlib", "kdump-lzo", "kdump-snappy", "win-dmp"];

const STATES = { running: Save.running, paused: Save.paused } as const;

/** As libvirt's library does before it asks the daemon, whose directory is another one. */
function absolute({ host }: Session, file: string): string {
  const parts: string[] = [];
  const whole = file.startsWith("/") ? file : `${host.workingDirectory()}/${file}`;
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

export const SAVE_RUNS: Runs<typeof SAVE> = {
  dump: async (session, command) => {
    const file = command.text("file") ?? "";
    const domain = await domainOf(session, command);
    const flags = flagBits(command, {
      live: Dump.live,
      crash: Dump.crash,
      "bypass-cache": Dump.bypassCache,
      reset: Dump.reset,
      "memory-only": Dump.memoryOnly,
    });
    const name = command.textOrNone("format");
    if (command.given("format") && !command.has("memory-only")) {
      throw new CommandError("--format only works with --memory-only");
    }
    const format = DUMP_FORMATS.indexOf(name ?? "elf");
    if (format < 0) {
      throw new CommandError(
        `format '${name}' is not supported, expecting 'kdump-zlib', 'kdump-lzo', 'kdump-snappy', 'win-dmp' or 'elf'`,
      );
    }
    const connect = await session.connect();
    const verbose = command.has("verbose");
    await session.attempt(
      `Failed to core dump domain '${command.required("domain")}' to ${file}`,
      () =>
        watchJob(
          session,
          domain,
          { label: "Dump", verbose },
          connect.domainCoreDumpWithFormat(domain, absolute(session, file), format, flags),
        ),
    );
    session.printExtra(`\nDomain '${command.required("domain")}' dumped to ${file}\n`);
  },
  managedsave: async (session, command) => {
    const domain = await domainOf(session, command);
    const flags = flagBits(command, { ...STATES, "bypass-cache": Save.bypassCache });
    const connect = await session.connect();
    const verbose = command.has("verbose");
    await session.attempt(`Failed to save domain '${command.required("domain")}' state`, () =>
      watchJob(
        session,
        domain,
        { label: "Managedsave", verbose },
        connect.domainManagedSave(domain, flags),
      ),
    );
    session.printExtra(`\nDomain '${command.required("domain")}' state saved by libvirt\n`);
  },
  "managedsave-define": async (session, command) => {
    command.exclusive("running", "paused");
    const xml = await readText(session, command.required("xml"));
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to update ${domain.name} XML configuration`, () =>
      connect.domainManagedSaveDefineXML(domain, xml, flagBits(command, STATES)),
    );
    session.printExtra(`Managed save state file of domain '${domain.name}' updated.\n`);
  },
  "managedsave-dumpxml": async (session, command) => {
    const flags = command.has("security-info") ? DomainXMLFlags.secure : 0;
    const domain = await domainOf(session, command);
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.domainManagedSaveGetXMLDesc(domain, flags);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "managedsave-edit": async (session, command) => {
    command.exclusive("running", "paused");
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const isChanged = await editUntilTaken(session, {
      read: () => connect.domainManagedSaveGetXMLDesc(domain, DomainXMLFlags.secure),
      define: (edited) =>
        connect.domainManagedSaveDefineXML(domain, edited, flagBits(command, STATES)),
    });
    session.printExtra(
      isChanged
        ? `Managed save image of Domain '${domain.name}' XML configuration edited.\n`
        : `Managed save image of domain '${domain.name}' XML configuration not changed.\n`,
    );
  },
  "managedsave-remove": async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const has = await session.attempt("Failed to check for domain managed save image", () =>
      connect.domainHasManagedSaveImage(domain, 0),
    );
    if (!has) {
      return session.printExtra(
        `Domain '${command.required("domain")}' has no manage save image; removal skipped`,
      );
    }
    await session.attempt(
      `Failed to remove managed save image for domain '${command.required("domain")}'`,
      () => connect.domainManagedSaveRemove(domain, 0),
    );
    session.printExtra(`Removed managedsave image for domain '${command.required("domain")}'`);
  },
  restore: async (session, command) => {
    const file = command.required("file");
    const flags = flagBits(command, {
      ...STATES,
      "bypass-cache": Save.bypassCache,
      "reset-nvram": Save.resetNvram,
    });
    const xmlFile = command.text("xml");
    const xml = xmlFile === undefined ? null : await readText(session, xmlFile);
    const connect = await session.connect();
    await session.attempt(`Failed to restore domain from ${file}`, () =>
      connect.domainRestoreFlags(absolute(session, file), xml, flags),
    );
    session.printExtra(`Domain restored from ${file}\n`);
  },
  save: async (session, command) => {
    const domain = await domainOf(session, command);
    const file = command.required("file");
    const flags = flagBits(command, { ...STATES, "bypass-cache": Save.bypassCache });
    const xmlFile = command.text("xml");
    const xml = xmlFile === undefined ? null : await readText(session, xmlFile);
    const connect = await session.connect();
    const verbose = command.has("verbose");
    await session.attempt(`Failed to save domain '${command.required("domain")}' to ${file}`, () =>
      watchJob(
        session,
        domain,
        { label: "Save", verbose },
        connect.domainSaveFlags(domain, absolute(session, file), xml, flags),
      ),
    );
    session.printExtra(`\nDomain '${command.required("domain")}' saved to ${file}\n`);
  },
  "save-image-define": async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, command.required("xml"));
    const connect = await session.connect();
    await session.attempt(`Failed to update ${file}`, () =>
      connect.domainSaveImageDefineXML(absolute(session, file), xml, flagBits(command, STATES)),
    );
    session.printExtra(`State file ${file} updated.\n`);
  },
  "save-image-dumpxml": async (session, command) => {
    const flags = command.has("security-info") ? DomainXMLFlags.secure : 0;
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const file = absolute(session, command.required("file"));
    const xml = await connect.domainSaveImageGetXMLDesc(file, flags);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "save-image-edit": async (session, command) => {
    command.exclusive("running", "paused");
    const file = command.required("file");
    const path = absolute(session, file);
    const connect = await session.connect();
    const isChanged = await editUntilTaken(session, {
      read: () => connect.domainSaveImageGetXMLDesc(path, DomainXMLFlags.secure),
      define: (edited) => connect.domainSaveImageDefineXML(path, edited, flagBits(command, STATES)),
    });
    session.printExtra(
      isChanged
        ? `State file ${file} edited.\n`
        : `Saved image ${file} XML configuration not changed.\n`,
    );
  },
};
