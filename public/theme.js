// Before anything is drawn, so that a dark page does not flash white. A file, since the page's
// content security policy allows no inline scripts.
{
  let theme = "system";
  try {
    theme = JSON.parse(localStorage.getItem("tabvisor.preferences") ?? "{}").theme ?? theme;
  } catch {
    // No storage, or not ours: as the system.
  }
  const dark =
    theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("pf-v6-theme-dark", dark);
}
