export const root: string
export class SetupError extends Error {}
export function setup(): void
export function orExplain(work: () => void | Promise<void>): Promise<void>
export function checkNode(version?: string): void
export function installDependencies(): void
export function dependenciesAreCurrent(folder?: string): boolean
export function buildIsStale(): boolean
export function build(): void
