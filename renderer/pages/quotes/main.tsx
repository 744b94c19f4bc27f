// A viewer of the stock quotes, as a page.
import { startPage } from '../start.tsx'
import { createQuotesClient } from './quotesClient.ts'
import { Viewer } from './Viewer.tsx'
import './quotes.css'

void startPage(({ connect, theme }) => <Viewer client={createQuotesClient(connect)} theme={theme} />)
