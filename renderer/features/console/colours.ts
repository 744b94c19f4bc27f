// Lines for the terminal. Colours are the sixteen of the palette, so that a change of theme recolours old lines too.
import type { ITheme } from '@xterm/xterm'
import { unreachable } from '../../../shared/bytes/unreachable.ts'
import type { ConsoleLine } from '../../../shared/ipc/contract.ts'

const reset = '\x1b[0m'

function sgr(tone: ConsoleLine['tone']): string {
  switch (tone) {
    case 'plain':
      return ''
    case 'dim':
      return '\x1b[90m'
    case 'client':
      return '\x1b[34m'
    case 'server':
      return '\x1b[32m'
    case 'fault':
      return '\x1b[31m'
    case 'ok':
      return '\x1b[36m'
    case 'heading':
      return '\x1b[1m'
    default:
      return unreachable(tone)
  }
}

export const prompt = '\x1b[94mwirestep ›\x1b[0m '
/** Cells the prompt takes. */
export const promptWidth = 11

/** Text may come off the wire: nothing in it may steer the terminal. */
export function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u00b7')
}

/**
 * A line in its colour. `client → server  GET /demo  203 B   server: …` is coloured where it names the direction, and
 * dim where it tells of states.
 */
export function ansiLine({ tone, text }: ConsoleLine): string {
  const safe = withoutControls(text)
  const colour = sgr(tone)
  const step = tone === 'client' || tone === 'server' ? /^(\S+ → \S+)(.*?)(?:( {3}.*))?$/.exec(safe) : null
  if (!step) return `${colour}${safe}${reset}`
  const [, direction = '', what = '', states = ''] = step
  return `${colour}${direction}${reset}${what}${sgr('dim')}${states}${reset}`
}

/** The palette of the terminal, from the tokens of the page. */
export function terminalTheme(token: (name: string) => string): ITheme {
  return {
    background: token('--bg'),
    foreground: token('--ink'),
    cursor: token('--ink'),
    cursorAccent: token('--bg'),
    selectionBackground: token('--sel'),
    scrollbarSliderBackground: token('--line'),
    scrollbarSliderHoverBackground: token('--edge'),
    scrollbarSliderActiveBackground: token('--edge'),
    black: token('--ink'),
    red: token('--fault'),
    green: token('--server'),
    yellow: token('--warning'),
    blue: token('--client'),
    magenta: token('--c-start'),
    cyan: token('--ok'),
    white: token('--ink'),
    brightBlack: token('--dim'),
    brightBlue: token('--client'),
  }
}
