// The menu bar, made from the command table.
import { Menu, type MenuItemConstructorOptions } from 'electron'
import { type Group, groups } from '../../shared/commands/command.ts'
import { type CommandOn, commandNamed, commandsOn, isDialogCommand } from '../../shared/commands/registry.ts'
import { quoteWord } from '../../shared/commands/words.ts'

export interface MenuActions {
  perform(line: string): void
  pick(purpose: 'open' | 'save'): Promise<string | null>
}

export function buildMenu(actions: MenuActions): void {
  const own = process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []
  const commands = groups.map((group) => groupMenu(group, actions)).filter(({ submenu }) => submenu.length > 0)
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([...own, ...commands, { role: 'editMenu' }, { role: 'viewMenu' }, { role: 'windowMenu' }]),
  )
}

function groupMenu(
  group: Group,
  actions: MenuActions,
): MenuItemConstructorOptions & { submenu: MenuItemConstructorOptions[] } {
  const names = commandsOn('window').filter((name) => commandNamed(name).group === group)
  return { label: group, submenu: names.flatMap((name) => item(name, actions)) }
}

/** Commands that need nothing more than a file; the rest are asked for where their arguments are, in the window. */
function item(name: CommandOn<'window'>, { perform, pick }: MenuActions): MenuItemConstructorOptions[] {
  const { title, key, args, options, surfaces } = commandNamed(name)
  if (!surfaces.includes('console') || isDialogCommand(name)) return []
  if (name === 'open' || name === 'save') {
    const choose = () => void pick(name).then((path) => path !== null && perform(`${name} ${quoteWord(path)}`))
    return [{ label: title, click: choose }]
  }
  if (Object.values({ ...args, ...options }).some(({ absent }) => absent === null)) return []
  return [{ label: title, ...shownKey(key), click: () => perform(name) }]
}

/** The window handles its keys itself; the menu only shows them, which macOS has no way to do. */
function shownKey(key: string | undefined): MenuItemConstructorOptions {
  return key && process.platform !== 'darwin' ? { accelerator: key, registerAccelerator: false } : {}
}
