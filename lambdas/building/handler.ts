import { pipelineFunction } from '../middleware/pipeline-function.ts'
import { parseEnv } from './env.ts'

export const handler = pipelineFunction('building', parseEnv(process.env))
