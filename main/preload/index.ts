// The bridge and nothing else.
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'
import type { Bridge, Push } from '../../shared/ipc/contract.ts'
import { pushChannel, requestChannel } from '../host/channels.ts'

const bridge: Bridge = {
  request: (method, payload) => ipcRenderer.invoke(requestChannel, method, payload),
  subscribe: (listener) => {
    const forward = (_event: IpcRendererEvent, push: Push) => listener(push)
    ipcRenderer.on(pushChannel, forward)
    return () => ipcRenderer.off(pushChannel, forward)
  },
}

contextBridge.exposeInMainWorld('wirestep', bridge)
