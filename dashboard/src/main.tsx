import { render } from 'preact'
import './style/tokens.css'
import './style/layout.css'
import './style/parts.css'
import './style/chart.css'
import 'uplot/dist/uPlot.min.css'
import { App } from './shell/app.tsx'
import { fetchPage } from './shell/lazy-page.tsx'
import { route } from './router.ts'
import { applyTheme } from './data/theme.ts'
import { resumeRenewal } from './session/renewal.ts'
import { resumeSession } from './session/session.ts'

applyTheme()
resumeSession()
resumeRenewal()
// Its file comes while the frame around it is drawn.
fetchPage(route.peek().parts[0] ?? '')
render(<App />, document.getElementById('app') ?? document.body)
