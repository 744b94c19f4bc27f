// Breakpoints: what a running lane stops at.
import { completedBy, count, optional, raw } from '../args.ts'
import type { Command } from '../command.ts'
import { everywhere, expressionSays, place, typed } from './common.ts'

export const breakpoints = {
  'break add': {
    title: 'Add a breakpoint',
    help: 'Holds before every unit that matches an expression: lane, kind, opcode, size, "text", /regex/, bytes, fault, state.',
    group: 'Breakpoints',
    surfaces: typed,
    args: {
      condition: raw('EXPRESSION', expressionSays),
    },
    options: {},
    examples: [
      'break add opcode text',
      'break add lane server and (kind frame or size >= 126)',
      'break add not "hello" and fault',
    ],
  },
  'break here': {
    title: 'Break here',
    help: 'Adds a breakpoint for units like the one at the offset; without one, like the unit whose turn it is.',
    group: 'Breakpoints',
    key: 'F9',
    surfaces: everywhere,
    args: { lane: optional(place.lane), offset: optional(place.offset) },
    options: {},
    examples: ['break here', 'break here client 229'],
  },
  'break list': {
    title: 'List breakpoints',
    help: 'Lists the breakpoints with their numbers.',
    group: 'Breakpoints',
    surfaces: everywhere,
    args: {},
    options: {},
    examples: ['break list'],
  },
  'break remove': {
    title: 'Remove a breakpoint',
    help: 'Removes a breakpoint.',
    group: 'Breakpoints',
    surfaces: typed,
    args: { breakpoint: completedBy('breakpoint', count('N', 'its number', 1, 1_000_000)) },
    options: {},
    examples: ['break remove 1'],
  },
  'break toggle': {
    title: 'Switch a breakpoint',
    help: 'Switches a breakpoint off, or on again.',
    group: 'Breakpoints',
    surfaces: typed,
    args: { breakpoint: completedBy('breakpoint', count('N', 'its number', 1, 1_000_000)) },
    options: {},
    examples: ['break toggle 1'],
  },
} as const satisfies Record<string, Command>
