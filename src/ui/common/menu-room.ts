/** Between a menu and its button, and between it and the window's edge, in pixels. */
const GAP_PX = 16;

/**
 * The height that a menu can have above or below what opens it, in pixels: menus turn to where they fit.
 *
 * @param opener where the button or the pointer is in the window
 */
export function menuRoomPx(opener: { readonly top: number; readonly bottom: number }): number {
  return Math.max(opener.top, innerHeight - opener.bottom) - GAP_PX;
}
