import { expect, it } from "vitest";
import { DomainState, KeycodeSet } from "../../../virt/driver/domain-flags.ts";
import { keycodeOf } from "../../../virt/driver/key-names.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { KEYBOARD_KEYS, SYSRQ_KEYS, sysRqCodes } from "./keys.ts";
import { noKeyboard } from "./use-keyboard.ts";

const xml = (devices: string) => parseXml(`<domain><devices>${devices}</devices></domain>`, "test");
const NONE = xml("<input type='tablet' bus='virtio'/>");
const KEYBOARD = xml("<input type='tablet' bus='usb'/><input type='keyboard' bus='virtio'/>");
const domain = (state: number, definition = KEYBOARD, live: ManagedDomain["live"] = null) =>
  ({ state, definition, live }) as unknown as ManagedDomain;

it("keys can be pressed on machines that have a keyboard now, while they run", () => {
  expect(noKeyboard(domain(DomainState.running))).toBeNull();
  expect(noKeyboard(domain(DomainState.paused))).toBe("paused");
  expect(noKeyboard(domain(DomainState.running, NONE))).toBe("none");
  expect(noKeyboard(domain(DomainState.running, KEYBOARD, NONE))).toBe("none");
  expect(noKeyboard(domain(DomainState.running, NONE, KEYBOARD))).toBeNull();
});

it("keys have Linux's codes", () => {
  const codes = (...names: string[]) =>
    names.map((name) => keycodeOf(KeycodeSet.linux, `KEY_${name}`));
  expect(KEYBOARD_KEYS[0]?.codes).toEqual(codes("LEFTCTRL", "LEFTALT", "DELETE"));
  expect(KEYBOARD_KEYS.at(-1)).toEqual({
    label: "Ctrl+Alt+F6",
    codes: codes("LEFTCTRL", "LEFTALT", "F6"),
  });
  for (const key of SYSRQ_KEYS) {
    expect(sysRqCodes(key)).toEqual(codes("LEFTALT", "SYSRQ", key.toUpperCase()));
  }
});
