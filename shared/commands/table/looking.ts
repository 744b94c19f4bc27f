// Looking: what is shown of a session, and where.
import { intermediaryKinds } from '../../intermediaries/intermediary.ts'
import {
  choice,
  completedBy,
  count,
  dialectList,
  flag,
  optional,
  otherwise,
  raw,
  via as viaArg,
  word,
  words,
} from '../args.ts'
import type { Command } from '../command.ts'
import { everywhere, expressionSays, place, terminalOnly, typed, windowOnly } from './common.ts'

export const looking = {
  samples: {
    title: 'Samples',
    help: 'Shows what there is to try: web chat, stock quotes and more, each started by one click.',
    group: 'Looking',
    surfaces: windowOnly,
    args: {},
    options: {},
    examples: [],
  },
  show: {
    title: 'Show',
    help: 'Prints what a panel shows, as of the cursor.',
    group: 'Looking',
    surfaces: typed,
    args: {
      what: choice('what to print', ['ladder', 'bytes', 'fields', 'states', 'faults', 'messages', 'segments']),
      lane: optional(place.lane),
      offset: optional(place.offset),
    },
    options: {},
    examples: ['show ladder', 'show bytes server', 'show fields server 166', 'show states'],
  },
  filter: {
    title: 'Filter the ladder',
    help: 'Shows only the units that match an expression, or all of them again when there is none.',
    group: 'Looking',
    surfaces: everywhere,
    args: { expression: optional(raw('EXPRESSION', expressionSays)) },
    options: {},
    examples: ['filter lane client and opcode text', 'filter /err(or)?/i or fault', 'filter'],
  },
  dialects: {
    title: 'Dialects',
    help: 'Lists the dialects with their documents.',
    group: 'Looking',
    surfaces: ['console', 'cli'],
    args: {},
    options: {},
    examples: ['dialects'],
  },
  help: {
    title: 'Help',
    help: 'Lists the commands, or explains one.',
    group: 'Looking',
    surfaces: typed,
    args: { command: optional(completedBy('command', words('COMMAND', 'the command to explain'))) },
    options: {},
    examples: ['help', 'help step unit'],
  },
  compare: {
    title: 'Compare dialects',
    help: 'Runs the same scenario in several dialects and shows what each puts on the wire, side by side.',
    group: 'Looking',
    surfaces: ['window', 'cli'],
    args: {},
    options: {
      dialects: dialectList('the dialects to compare, two to ten; else all', 2, 10),
      script: optional(word('FILE', 'the scenario: console lines that make an end act; standard input when it is -')),
      seed: otherwise(count('N', 'seed of all randomness: the same seed gives the same bytes', 0, 4_294_967_295), 7),
      json: flag('prints one JSON document'),
    },
    examples: ['compare --dialects hello-00,rfc6455', 'compare --script scenario.txt --json'],
  },
  survive: {
    title: 'Survive intermediaries',
    help: 'Runs dialects behind what stands between ends, and shows which get through, and where the others break.',
    group: 'Looking',
    surfaces: terminalOnly,
    args: {},
    options: {
      dialects: dialectList('which dialects; else all', 1, 10),
      via: otherwise(viaArg('which intermediaries; else all', 6), intermediaryKinds),
      seed: otherwise(count('N', 'seed of all randomness: the same seed gives the same bytes', 0, 4_294_967_295), 7),
      json: flag('prints one JSON line for each'),
    },
    examples: ['survive', 'survive --dialects hixie-76,hello-00 --via reverse-proxy'],
  },
} as const satisfies Record<string, Command>
