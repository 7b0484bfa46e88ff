/** The terminal's colours: the sixteen of ANSI, each readable on its background. */
import type { ITheme } from "@xterm/xterm";

export type TerminalColours = "dark" | "light";

const DARK: ITheme = {
  background: "#151515",
  foreground: "#e0e0e0",
  cursor: "#e0e0e0",
  cursorAccent: "#151515",
  selectionBackground: "#3d5a80",
  black: "#3c3f42",
  red: "#f4796b",
  green: "#87bb62",
  yellow: "#ffcc17",
  blue: "#73b1ff",
  magenta: "#c9a8f0",
  cyan: "#63bdbd",
  white: "#d2d2d2",
  brightBlack: "#8a8d90",
  brightRed: "#f9a8a1",
  brightGreen: "#afdc8f",
  brightYellow: "#ffe072",
  brightBlue: "#a4ccff",
  brightMagenta: "#dcc7f7",
  brightCyan: "#9ad8d8",
  brightWhite: "#ffffff",
};

const LIGHT: ITheme = {
  background: "#ffffff",
  foreground: "#1f1f1f",
  cursor: "#1f1f1f",
  cursorAccent: "#ffffff",
  selectionBackground: "#b9d4f5",
  black: "#151515",
  red: "#b1380b",
  green: "#3d7317",
  yellow: "#7a5600",
  blue: "#004d99",
  magenta: "#5e40be",
  cyan: "#0f6b6b",
  white: "#707070",
  brightBlack: "#4d4d4d",
  brightRed: "#c9190b",
  brightGreen: "#3e8635",
  brightYellow: "#795600",
  brightBlue: "#0066cc",
  brightMagenta: "#6753ac",
  brightCyan: "#147878",
  brightWhite: "#595959",
};

export function terminalTheme(colours: TerminalColours): ITheme {
  return colours === "dark" ? DARK : LIGHT;
}
