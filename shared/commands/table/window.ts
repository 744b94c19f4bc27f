// Window: how the window itself looks and behaves.
import { choice } from '../args.ts'
import type { Command } from '../command.ts'
import { everywhere, windowOnly } from './common.ts'

export const window = {
  theme: {
    title: 'Theme',
    help: 'Sets the colours of the window.',
    group: 'Window',
    surfaces: everywhere,
    args: { theme: choice('which colours', ['dark', 'light', 'system']) },
    options: {},
    examples: ['theme light'],
  },
  palette: {
    title: 'Find a command',
    help: 'Opens the list of all commands.',
    group: 'Window',
    key: 'Ctrl+K',
    surfaces: windowOnly,
    args: {},
    options: {},
    examples: [],
  },
  find: {
    title: 'Find',
    help: 'Searches the lane that is shown for text or bytes.',
    group: 'Window',
    key: 'Ctrl+F',
    surfaces: windowOnly,
    args: {},
    options: {},
    examples: [],
  },
  keys: {
    title: 'Keys',
    help: 'Shows what every key does.',
    group: 'Window',
    key: '?',
    surfaces: windowOnly,
    args: {},
    options: {},
    examples: [],
  },
} as const satisfies Record<string, Command>
