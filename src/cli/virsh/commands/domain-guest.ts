/** The commands that ask something inside of the guest, mostly its agent. */
import type { TypedParam } from "../../../virt/driver/typed-params.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { GUEST } from "../tables/domain-guest.ts";
import { flagBits, readText } from "./common.ts";
import { domainOf, printParams } from "./domain-common.ts";
import { passedFiles } from "./passed-files.ts";

type Spec<Name extends keyof typeof GUEST> = (typeof GUEST)[Name];

/** `virDomainGuestInfoTypes`. */
const GUEST_INFO = {
  user: 1,
  os: 2,
  timezone: 4,
  hostname: 8,
  filesystem: 16,
  disk: 32,
  interface: 64,
} as const;

/** `virDomainGetHostnameFlags`. */
const HOSTNAME_SOURCES: Readonly<Record<string, number>> = { lease: 1, agent: 2 };

/** `virDomainDirtyRateCalcFlags`. */
const DIRTY_RATE_MODES: Readonly<Record<string, number>> = {
  "page-sampling": 0,
  "dirty-bitmap": 1,
  "dirty-ring": 2,
};

/** `virDomainAuthorizedSSHKeysSetFlags`. */
const KEYS_APPEND = 1;
const KEYS_REMOVE = 2;

/** Waits as long as it takes: VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK. */
const BLOCK = -2;

export const GUEST_RUNS: Runs<typeof GUEST> = {
  "dom-fd-associate": async (session, command) => {
    const flags = flagBits(command, { "seclabel-restore": 1, "seclabel-writable": 2 });
    const domain = await domainOf(session, command);
    const name = command.required("name");
    const files = passedFiles(command);
    const connect = await session.connect();
    await connect.domainFDAssociate(domain, name, files, flags);
  },
  "domdirtyrate-calc": async (session, command) => {
    const domain = await domainOf(session, command);
    const seconds = command.whole("seconds", "int") ?? 1;
    const name = command.text("mode");
    const mode = name === undefined ? 0 : DIRTY_RATE_MODES[name];
    if (mode === undefined) throw new CommandError(`Unknown calculation mode '${name}'`);
    const connect = await session.connect();
    await connect.domainStartDirtyRateCalc(domain, seconds, mode);
    session.printExtra("Start to calculate domain's memory dirty rate successfully.\n");
  },
  domfsfreeze: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const count = await session.attempt("Unable to freeze filesystems", () =>
      connect.domainFSFreeze(domain, command.all("mountpoint"), 0),
    );
    session.printExtra(`Froze ${count} filesystem(s)\n`);
  },
  domfsinfo: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const found = await session.attempt("Unable to get filesystem information", () =>
      connect.domainGetFSInfo(domain, 0),
    );
    if (found.length === 0) {
      return session.printExtra("No filesystems are mounted in the domain");
    }
    const rows = found.map(({ mountpoint, name, fstype, devAliases }) => [
      mountpoint,
      name,
      fstype,
      devAliases.join(","),
    ]);
    const titles = ["Mountpoint", "Name", "Type", "Target"];
    session.print(formatTable(titles, rows, !session.options.quiet));
  },
  domfsthaw: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const count = await session.attempt("Unable to thaw filesystems", () =>
      connect.domainFSThaw(domain, command.all("mountpoint"), 0),
    );
    session.printExtra(`Thawed ${count} filesystem(s)\n`);
  },
  domfstrim: async (session, command) => {
    const domain = await domainOf(session, command);
    const minimum = command.wholeBig("minimum", "ulonglong") ?? 0n;
    const mountPoint = command.text("mountpoint") ?? null;
    const connect = await session.connect();
    await session.attempt("Unable to invoke fstrim", () =>
      connect.domainFSTrim(domain, mountPoint, minimum, 0),
    );
  },
  domhostname: async (session, command) => {
    const domain = await domainOf(session, command);
    const source = command.text("source");
    const flags = source === undefined ? 0 : HOSTNAME_SOURCES[source];
    if (flags === undefined) throw new CommandError(`Unknown data source '${source}'`);
    const connect = await session.connect();
    const hostname = await session.attempt("failed to get hostname", () =>
      connect.domainGetHostname(domain, flags),
    );
    session.print(`${hostname}\n`);
  },
  domlaunchsecinfo: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const params = await session.attempt("Unable to get launch security parameters", () =>
      connect.domainGetLaunchSecurityInfo(domain, 0),
    );
    printParams(session, params);
  },
  domsetlaunchsecstate: (session, command) => setLaunchSecret(session, command),
  "get-user-sshkeys": async (session, command) => {
    const domain = await domainOf(session, command);
    const user = command.required("user");
    const connect = await session.connect();
    const keys = await connect.domainAuthorizedSSHKeysGet(domain, user, 0);
    session.print(keys.join(""));
  },
  "guest-agent-timeout": async (session, command) => {
    const domain = await domainOf(session, command);
    const timeoutS = command.whole("timeout", "int") ?? BLOCK;
    const connect = await session.connect();
    await connect.domainAgentSetResponseTimeout(domain, timeoutS, 0);
  },
  guestinfo: async (session, command) => {
    const types = flagBits(command, GUEST_INFO);
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    printParams(session, await connect.domainGetGuestInfo(domain, types, 0), 20);
  },
  "lxc-enter-namespace": async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    // No driver here has containers whose namespaces a process could enter.
    await connect.domainLxcOpenNamespace(domain, 0);
  },
  "set-user-password": async (session, command) => {
    const flags = command.has("encrypted") ? 1 : 0;
    const user = command.required("user");
    const password = command.required("password");
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await connect.domainSetUserPassword(domain, user, password, flags);
    session.printExtra(`Password set successfully for ${user} in ${command.required("domain")}`);
  },
  "set-user-sshkeys": (session, command) => setSshKeys(session, command),
};

async function setLaunchSecret(
  session: Session,
  command: Command<Spec<"domsetlaunchsecstate">>,
): Promise<void> {
  const domain = await domainOf(session, command);
  const header = command.text("secrethdr");
  const secret = command.text("secret");
  if (header === undefined || secret === undefined) {
    throw new CommandError("Both secret and the secret header are required");
  }
  const params: TypedParam[] = [
    { field: "sev-secret-header", type: "string", value: await readText(session, header) },
    { field: "sev-secret", type: "string", value: await readText(session, secret) },
  ];
  const address = command.wholeBig("set-address", "ulonglong");
  if (address !== undefined) {
    params.push({ field: "sev-secret-set-address", type: "ullong", value: address });
  }
  const connect = await session.connect();
  await session.attempt("Unable to set launch security state", () =>
    connect.domainSetLaunchSecurityState(domain, params, 0),
  );
}

async function setSshKeys(
  session: Session,
  command: Command<Spec<"set-user-sshkeys">>,
): Promise<void> {
  command.needs("remove", "file");
  command.exclusive("reset", "remove");
  const domain = await domainOf(session, command);
  const user = command.required("user");
  const file = command.text("file");
  const append = !command.has("remove") && !command.has("reset");
  if (append && file === undefined) throw new CommandError("Option --file is required");
  const keys = file === undefined ? [] : (await readText(session, file)).split("\n");
  const flags = command.has("remove") ? KEYS_REMOVE : append ? KEYS_APPEND : 0;
  const connect = await session.connect();
  await connect.domainAuthorizedSSHKeysSet(domain, user, keys, flags);
}
