/** A browser tab that is a machine. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <path
        className="tv-logo-tab"
        d="M2 26V9a4 4 0 0 1 4-4h9a4 4 0 0 1 4 4v1h7a4 4 0 0 1 4 4v12z"
      />
      <path
        className="tv-logo-prompt"
        d="m8 14 4 4-4 4m7 .5h7"
        fill="none"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
