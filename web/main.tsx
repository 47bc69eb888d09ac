/** Starts the pages. */
import './style/fonts.css'
import './style/tokens.css'
import './style/mantine.css'
import './style/base.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'

const place = document.getElementById('page')
if (place === null) throw new Error('bug: the document has no place for the page')
createRoot(place).render(<App />)
