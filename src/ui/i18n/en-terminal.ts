/** English messages of the terminal. */
export const enTerminal = {
  "terminal.greeting": "virsh, virt-install, qemu-img and more: type help for the commands.",
  "terminal.leave": "Shift+F6 leaves the terminal with the keyboard",
  "terminal.close": "Close the terminal",
  "terminal.height": "Height of the terminal",
  "terminal.edit": "Edit",
  "terminal.text": "Text",
  "terminal.save": "Save",
  "terminal.cancel": "Cancel",
  "terminal.givenUp": "the edit was given up",
} as const;
