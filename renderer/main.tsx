// The window's program: one bridge, one session, one tree.
import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { connectBridge } from './bridge/connect.ts'
import { SessionContext } from './state/context.ts'
import { createSession } from './state/session.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
const session = createSession(connectBridge())
createRoot(root).render(
  <StrictMode>
    <SessionContext value={session}>
      <App />
    </SessionContext>
  </StrictMode>,
)
