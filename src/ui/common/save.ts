/** Hands text to the user as a file. */
export function save(fileName: string, text: string): void {
  saveFile(fileName, new Blob([text], { type: "text/plain" }));
}

const HELD_MS = 60_000;

/** Hands a file to the user's computer. */
export function saveFile(fileName: string, contents: Blob): void {
  const url = URL.createObjectURL(contents);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // Not every browser has its own hold on the file when the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), HELD_MS);
}
