// The two names the contract has on Electron's IPC.
export const requestChannel = 'wirestep:request'
export const pushChannel = 'wirestep:push'
