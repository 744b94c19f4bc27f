// The reference pages in docs/, made from the tables the program itself reads. Pure: text in, text out.
import { roles } from '../shared/bytes/lanes.ts'
import { groups, type Surface } from '../shared/commands/command.ts'
import { type CommandName, commandNamed, commandNames, usage } from '../shared/commands/registry.ts'
import { closeCodeFor, closeCodeSays, mayBeSent } from '../shared/dialects/closeCodes.ts'
import type { Dialect } from '../shared/dialects/dialect.ts'
import { dialects } from '../shared/dialects/registry.ts'
import { policyTable } from '../shared/endpoint/policyEnds.ts'
import { tableFor } from '../shared/endpoint/tables.ts'
import type { StateTable, TableRow } from '../shared/endpoint/types.ts'
import { type FaultCode, faultCite, faultCodes, faultInfo, faultRemedy } from '../shared/faults/catalogue.ts'
import { restrictions } from '../shared/profile/prototype2010.ts'
import { rulesOf, ruleTest, ruleTestFile } from '../test/shared/endpoint/ruleTests.ts'

const made = '<!-- Made from the tables in shared/ by `npm run docs`. Change those, not this page. -->'

/** Every generated page, by file name. */
export function pages(): Readonly<Record<string, string>> {
  return {
    'dialects.md': page('Dialects', 'What each dialect is made of.', dialects.map(dialectSection)),
    'states.md': page('States', 'The state machines of both ends. A trigger without a row changes nothing.', [
      ...dialects.map(stateSection),
      policyStateSection(),
    ]),
    'faults.md': page(
      'Faults',
      'Everything that can be wrong on the wire. Codes never change.',
      faultCodes.map(faultSection),
    ),
    'commands.md': page(
      'Commands',
      'Everything a person can do, in the window, its console and the terminal.',
      groups.map(groupSection),
    ),
    'prototype.md': page(
      'The prototype of December 2010',
      `HTML5 Labs published it with five restrictions. \`--profile prototype-2010\` of serve, connect, tap and lab keeps to them, and so does the window with its 2010 switch; every refusal says what follows here. The socket policy that its client asked for first is a sample in the window, stepped between a policy server and a client that asks it; in the console it is \`policy\`, with \`--grant\` and \`--ask\` for a policy that says no. It listens on port 943, where Silverlight asks, and where that port cannot be had it says so and takes a free one. \`wirestep policy\` serves the policy for others, and asks for it as Silverlight did; recorded, the exchange opens in the stepper.`,
      [restrictionTable()],
    ),
    ...Object.fromEntries(dialects.map((dialect) => [`rules/${dialect.id}.md`, rulesPage(dialect)])),
  }
}

function page(title: string, says: string, sections: readonly string[]): string {
  return `${[made, `# ${title}`, says, ...sections].join('\n\n')}\n`
}

function restrictionTable(): string {
  const rows = Object.values(restrictions).map(({ title, why, lifted, cite }) => [title, why, lifted, cite])
  return table(['restriction', 'why it was there', 'what lifts it', 'source'], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function code(text: string): string {
  return `\`${text}\``
}

function dialectSection(dialect: Dialect): string {
  const { id, name, document, date, says, handshake, opcodes, closeCodes, cites } = dialect
  const facts = [
    ['document', `${document}, ${date}`],
    ['version', handshake.version ? code(`${handshake.version.field}: ${handshake.version.value}`) : 'none'],
    ['told from others by', dialect.toldBy],
    ['challenge', handshake.challenge],
    ['refusal', handshake.refusal],
    [
      'origin in request and response',
      `${handshake.originField.request.join(' or ')} / ${handshake.originField.response ?? 'none'}`,
    ],
    ['location echoed', handshake.locationField ?? 'no'],
    ['order of the lines', handshake.lines],
    ['words after 101', handshake.reason],
    ['subprotocols', handshake.subprotocols],
    ['framing', dialect.framing],
    ...frameFacts(dialect),
    ['close body', dialect.closeBody],
    ['text that is not UTF-8', `client: ${dialect.invalidUtf8.client}, server: ${dialect.invalidUtf8.server}`],
  ]
  const codes = Object.entries(opcodes).map(([value, opcode]) => [
    `0x${Number(value).toString(16).toUpperCase()}`,
    opcode,
  ])
  const closes = Object.keys(closeCodes).map((value) => [
    value,
    closeCodeSays(dialect, Number(value)),
    mayBeSent(dialect, Number(value)) ? 'yes' : 'no',
  ])
  const sections = Object.entries(cites)
  return [
    `## ${name} (${code(id)})`,
    says,
    table(['what', 'how'], facts),
    table([dialect.framing === 'sentinel' ? 'type' : 'opcode', 'name'], codes),
    ...(closes.length > 0 ? [table(['close code', 'meaning', 'may be sent'], closes)] : []),
    ...(dialect.sectionsSay ? [dialect.sectionsSay] : []),
    table(['topic', 'section'], sections),
  ].join('\n\n')
}

function frameFacts(dialect: Dialect): readonly (readonly string[])[] {
  if (dialect.framing === 'sentinel') return [['types without a meaning, at a client', dialect.otherTypes]]
  return [
    ['first bit', dialect.firstBit],
    ['top bit of the second byte', dialect.secondByteTopBit],
    ['masking', dialect.masking],
    ['shortest length required of', dialect.shortestLength],
  ]
}

function stateSection(dialect: Dialect): string {
  const machines = roles.map((role) => machine(`${dialect.name}: ${role}`, tableFor(dialect, role)))
  return [`## ${dialect.name} (${code(dialect.id)})`, ...machines].join('\n\n')
}

/** The exchange that came before each connection of a Silverlight application: no dialect. */
function policyStateSection(): string {
  const machines = roles.map((role) => machine(`Socket policy: policy ${role}`, policyTable(role)))
  return ['## Socket policy (no dialect)', ...machines].join('\n\n')
}

function machine(title: string, rows: StateTable): string {
  const rule = table(['from', 'trigger', 'to', 'what happens', 'section'], rows.map(stateRow))
  return [`### ${title}`, diagram(rows), rule].join('\n\n')
}

function stateRow({ from, trigger, to, says, cite }: TableRow): readonly string[] {
  return [from, trigger, to, says, cite]
}

/** As Mermaid, which code forges draw. Rows that stay where they are would only clutter it. */
function diagram(rows: readonly TableRow[]): string {
  const moves = rows
    .filter(({ from, to }) => from !== to)
    .map(({ from, trigger, to }) => `  ${from} --> ${to}: ${trigger}`)
  return ['```mermaid', 'stateDiagram-v2', ...moves, '```'].join('\n')
}

function faultSection(name: (typeof faultCodes)[number]): string {
  const { severity, says, consequence, remedy, cite, doubts, closeCode, httpStatus } = faultInfo(name)
  const answer = [closeCode && `close code ${closeCode}`, httpStatus && `HTTP status ${httpStatus}`]
    .filter(Boolean)
    .join(', ')
  const facts = [
    ['severity', severity],
    ['what the receiver does', consequence],
    ['how it has to look', remedy],
    ...(answer === '' ? [] : [['answer', answer]]),
    ...Object.entries(cite).map(([dialect, section]) => [
      dialect,
      [section, doubts?.[dialect]].filter(Boolean).join('. '),
    ]),
  ]
  return [`## ${code(name)}`, says, table(['', ''], facts)].join('\n\n')
}

/** Every rule of a dialect, with the test that breaks it: a rule without one fails that file. */
function rulesPage(dialect: Dialect): string {
  return page(
    `Rules of ${dialect.name}`,
    `Every rule of ${dialect.document} that Wirestep holds an end to, and the test in ${code(ruleTestFile)} that breaks it.${sectionsNote(dialect)}`,
    rulesOf(dialect.id).map((rule) => ruleSection(dialect, rule)),
  )
}

/** Where a section stands is told as well as it is known. */
function sectionsNote({ sectionsSay }: Dialect): string {
  return sectionsSay ? ` ${sectionsSay}` : ''
}

function ruleSection(dialect: Dialect, rule: FaultCode): string {
  const { severity, says, consequence } = faultInfo(rule)
  const facts = [
    ['section', faultCite(rule, dialect.id)],
    ['severity', severity],
    ['what an endpoint does', [consequence, ...answersTo(dialect, rule)].join(' ')],
    ['how it has to look', faultRemedy(rule, dialect.id)],
    ['test', ruleTest(rule, dialect.id)],
  ]
  return [`## ${code(rule)}`, says, table(['', ''], facts)].join('\n\n')
}

/** What is answered, where the dialect has the means. */
function answersTo(dialect: Dialect, rule: FaultCode): string[] {
  const { closeCode, httpStatus } = faultInfo(rule)
  return [
    ...(closeCode && dialect.closeBody === 'codeAndReason'
      ? [`The close code is ${closeCodeFor(dialect, closeCode)}.`]
      : []),
    ...(httpStatus && dialect.handshake.refusal === 'httpError' ? [`A server answers HTTP status ${httpStatus}.`] : []),
  ]
}

function groupSection(group: (typeof groups)[number]): string {
  const names = commandNames.filter((name) => commandNamed(name).group === group)
  return [`## ${group}`, ...names.map(commandSection)].join('\n\n')
}

function commandSection(name: CommandName): string {
  const { title, help, key, surfaces, args, options, examples } = commandNamed(name)
  const typed = surfaces.includes('console') || surfaces.includes('cli')
  const surface = surfaces.includes('cli') ? 'cli' : 'console'
  const parts = [
    ...Object.entries(args).map(([, arg]) => [code(arg.hint), arg.says]),
    ...Object.entries(options).map(([option, arg]) => [code(`--${option} ${arg.hint}`.trim()), arg.says]),
  ]
  return [
    `### ${title}`,
    help,
    ...(typed ? [code(usage(name, surface))] : []),
    `Where: ${surfaces.map(surfaceName).join(', ')}.${key ? ` Key: ${code(key)}.` : ''}`,
    ...(parts.length > 0 ? [table(['', ''], parts)] : []),
    ...(examples.length > 0 ? [exampleBlock(surfaces, examples)] : []),
  ].join('\n\n')
}

function exampleBlock(surfaces: readonly Surface[], examples: readonly string[]): string {
  const start = surfaces.includes('console') ? '' : 'wirestep '
  return ['```', ...examples.map((example) => start + example), '```'].join('\n')
}

function surfaceName(surface: Surface): string {
  return { window: 'the window', console: 'the console', cli: 'a terminal, as `wirestep`' }[surface]
}
