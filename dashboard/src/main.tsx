import { render } from 'preact'
import './style/tokens.css'
import './style/layout.css'
import './style/parts.css'
import './style/chart.css'
import 'uplot/dist/uPlot.min.css'
import { App } from './shell/app.tsx'
import { applyTheme } from './data/theme.ts'
import { resumeRenewal } from './session/hosted-sign-in.ts'
import { resumeSession } from './session/session.ts'

applyTheme()
resumeSession()
void resumeRenewal()
render(<App />, document.getElementById('app') ?? document.body)
