import { pipelineFunction } from '../middleware/pipeline-function.ts'
import { answerRoutes } from './answer-routes.ts'
import { parseEnv } from './env.ts'

export const handler = pipelineFunction('fleet', parseEnv(process.env), answerRoutes)
