// The entries of the palette, made from the command table.

import { type Group, groups } from '../../shared/commands/command.ts'
import { type CommandName, commandNamed, commandNames } from '../../shared/commands/registry.ts'
import { needsMore } from '../state/actions.ts'

export interface PaletteEntry {
  readonly name: CommandName
  readonly title: string
  readonly help: string
  readonly key?: string
  /** True when it is finished in the console. */
  readonly more: boolean
}

export interface PaletteGroup {
  readonly group: Group
  readonly entries: readonly PaletteEntry[]
}

function entryOf(name: CommandName): PaletteEntry {
  const { title, help, key } = commandNamed(name)
  const more = needsMore(name) && name !== 'open' && name !== 'save'
  return { name, title, help, more, ...(key && { key }) }
}

/** All that the window or its console can do, by group. */
export function paletteGroups(): readonly PaletteGroup[] {
  const names = commandNames.filter((name) => {
    const { surfaces } = commandNamed(name)
    return name !== 'palette' && (surfaces.includes('window') || surfaces.includes('console'))
  })
  return groups
    .map((group) => ({ group, entries: names.filter((name) => commandNamed(name).group === group).map(entryOf) }))
    .filter(({ entries }) => entries.length > 0)
}
