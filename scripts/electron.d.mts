export type ElectronRuntime =
  | { readonly ok: true; readonly path: string; readonly version: string; readonly where: string }
  | { readonly ok: false; readonly reason: string }

export function findElectron(options: { readonly from: string; readonly download?: boolean }): ElectronRuntime
