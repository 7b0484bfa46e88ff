/** `--unattended`: answers for Debian's installer, put into its RAM disk as `preseed.cfg`. */
import type { InjectedFile } from "../../archive/inject-files.ts";
import { utf8Bytes } from "../../util/bytes.ts";
import type { Given } from "../virtinst/arguments.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import type { InstallHost } from "./host.ts";
import { type MethodOptions, UNATTENDED, methodOptions } from "./method-options.ts";
import { firstLine } from "./secret-files.ts";

export type Unattended = MethodOptions;

/** @throws ToolError in the real tool's words */
export function parseUnattended(given: Given): Unattended | undefined {
  if (!given.has("unattended")) return undefined;
  return methodOptions(UNATTENDED, given.text("unattended") ?? "");
}

interface Profile {
  /** What is installed beside the base system. */
  readonly tasks: string;
  /** Passwords that have to be given. */
  readonly needs: readonly ("user" | "admin")[];
}

const PROFILES: Readonly<Record<string, Profile>> = {
  desktop: { tasks: "standard, desktop", needs: ["user", "admin"] },
  jeos: { tasks: "standard, ssh-server", needs: ["admin"] },
};
const USUAL_PROFILE = "desktop";

/**
 * The answers and the options with which the installer does not ask for others.
 *
 * @throws ToolError in the real tool's words
 */
export async function preseed(
  options: Unattended,
  guest: Guest,
  host: InstallHost,
): Promise<{ readonly file: InjectedFile; readonly args: string }> {
  const profile = profileOf(options, guest);
  const login = loginOf(options, guest, host);
  const passwords = await passwordsOf(options, profile, guest, host);
  const answers = answersFor(guest, host, profile, { login, ...passwords });
  const text = answers.map(([question, type, value]) => line(question, type, value)).join("");
  return {
    file: { name: "preseed.cfg", bytes: utf8Bytes(text) },
    args: " keyboard-configuration/xkb-keymap=us debconf/priority=critical",
  };
}

/** @throws ToolError where the system, or the profile, is not supported */
export function profileOf(options: Unattended, { os, around }: Guest): Profile {
  if (os.distro !== "debian") {
    throw new ToolError(`OS '${os.name}' does not support unattended installation.`);
  }
  const name = options.get("profile");
  if (name === undefined) around.warn(`Using unattended profile '${USUAL_PROFILE}'`);
  const profile = PROFILES[name ?? USUAL_PROFILE];
  if (profile) return profile;
  throw new ToolError(
    `OS '${os.name}' does not support unattended installation for the '${name}' profile. ` +
      `Available profiles: ${Object.keys(PROFILES).join(", ")}`,
  );
}

function loginOf(options: Unattended, { os }: Guest, host: InstallHost): string | undefined {
  const given = options.get("user-login")?.toLowerCase();
  if (given === "root") throw new ToolError(`${os.name} cannot use 'root' as user-login.`);
  const own = host.env("USER");
  return given ?? (own === "root" ? undefined : own);
}

interface Passwords {
  readonly user: string | undefined;
  readonly admin: string | undefined;
}

async function passwordsOf(
  options: Unattended,
  { needs }: Profile,
  { os }: Guest,
  host: InstallHost,
): Promise<Passwords> {
  const read = async (who: "user" | "admin"): Promise<string | undefined> => {
    const path = options.get(`${who}-password-file`);
    const password = path === undefined ? "" : await firstLine(host, path);
    if (password !== "") return password;
    if (!needs.includes(who)) return undefined;
    throw new ToolError(`${os.name} requires the ${who}-password to be set.`);
  };
  return { user: await read("user"), admin: await read("admin") };
}

type Answer = readonly [question: string, type: string, value: string];

function line(question: string, type: string, value: string): string {
  const owner = question.startsWith("tasksel/") ? "tasksel" : "d-i";
  return `${owner} ${question} ${type} ${value}\n`;
}

function answersFor(
  guest: Guest,
  host: InstallHost,
  profile: Profile,
  people: Passwords & { readonly login: string | undefined },
): Answer[] {
  return [
    ["debian-installer/locale", "string", localeOf(host)],
    ["netcfg/choose_interface", "select", "auto"],
    ["netcfg/get_hostname", "string", hostName(guest)],
    ["netcfg/get_domain", "string", "localdomain"],
    ["mirror/country", "string", "manual"],
    ["mirror/http/proxy", "string", ""],
    ["clock-setup/utc", "boolean", "true"],
    ["time/zone", "string", host.env("TZ") || "Etc/UTC"],
    ...partitions(guest),
    ...accounts(people),
    ["tasksel/first", "multiselect", profile.tasks],
    ["popularity-contest/participate", "boolean", "false"],
    ["finish-install/reboot_in_progress", "note", ""],
  ];
}

/** The whole first disk, and the boot loader where the firmware finds it without its variables. */
function partitions(guest: Guest): Answer[] {
  const disk = guest.devices("disk").find((each) => each.get("@device") === "disk");
  const path = `/dev/${disk?.get("target/@dev") ?? "vda"}`;
  return [
    ["partman-auto/disk", "string", path],
    ["partman-auto/method", "string", "regular"],
    ["partman-auto/choose_recipe", "select", "atomic"],
    ["partman-partitioning/confirm_write_new_label", "boolean", "true"],
    ["partman/choose_partition", "select", "finish"],
    ["partman/confirm", "boolean", "true"],
    ["partman/confirm_nooverwrite", "boolean", "true"],
    ["grub-installer/only_debian", "boolean", "true"],
    ["grub-installer/bootdev", "string", path],
    ["grub-installer/force-efi-extra-removable", "boolean", "true"],
  ];
}

function accounts({
  login,
  user,
  admin,
}: Passwords & { readonly login: string | undefined }): Answer[] {
  const root: Answer[] =
    admin === undefined
      ? [["passwd/root-login", "boolean", "false"]]
      : [
          ["passwd/root-login", "boolean", "true"],
          ["passwd/root-password", "password", admin],
          ["passwd/root-password-again", "password", admin],
        ];
  if (login === undefined || user === undefined) {
    return [...root, ["passwd/make-user", "boolean", "false"]];
  }
  return [
    ...root,
    ["passwd/user-fullname", "string", login],
    ["passwd/username", "string", login],
    ["passwd/user-password", "password", user],
    ["passwd/user-password-again", "password", user],
    ["user-setup/allow-password-weak", "boolean", "true"],
  ];
}

/** `de_DE.UTF-8` of the environment; C and POSIX are no languages. */
function localeOf(host: InstallHost): string {
  const given = host.env("LC_ALL") || host.env("LANG") || "";
  return /^[a-z]{2,3}_[A-Z]{2}/.test(given) ? given : "en_US.UTF-8";
}

function hostName(guest: Guest): string {
  return (guest.get("name") ?? "").replace(/[^a-zA-Z0-9-]/g, "-");
}
