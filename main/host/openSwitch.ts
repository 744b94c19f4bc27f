/** Tells the desktop process what to open: the words of the console's `open` stand behind it. */
export const openSwitch = '--open='
