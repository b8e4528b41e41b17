import { App } from 'aws-cdk-lib'
import { readDeployment } from '../lib/deployment.ts'
import { check, platform } from '../lib/platform.ts'

const app = new App()
platform(app, readDeployment(app.node))
check(app)
