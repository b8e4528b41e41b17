export const tradeNames = ['plant', 'fleet', 'building'] as const
export type TradeName = (typeof tradeNames)[number]

export const severities = ['critical', 'major', 'minor', 'warning'] as const
export type SeverityName = (typeof severities)[number]
