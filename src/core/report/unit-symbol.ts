const symbols: Readonly<Record<string, string>> = {
  Cel: '°C',
  '[degF]': '°F',
  '/min': 'rpm',
  '[g]': 'g',
  deg: '°',
  'm3/h': 'm³/h',
  'm3/min': 'm³/min',
  'W/m2': 'W/m²',
  '[ppm]': 'ppm',
  'kW.h': 'kWh',
}

/** A UCUM unit as people write it. */
export const unitSymbol = (ucum: string): string => (Object.hasOwn(symbols, ucum) ? symbols[ucum]! : ucum)

/** A sentence whose quantities are in UCUM, as people write it. */
export const withUnitSymbols = (sentence: string): string =>
  sentence.replaceAll(/(?<=\d )[^\s,;]+?(?=[,.;]?(?:\s|$))/g, unitSymbol)
